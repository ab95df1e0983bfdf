package import JSONText

/// Why a price file is refused as a whole: a wrong price must not become a wrong bill.
package enum PriceFileError: Error, Hashable, Sendable, CustomStringConvertible {
  case malformed(file: String, JSONError)
  case notAnObject(file: String)
  /// An entry, or a part of one, is not of the kind it should be.
  case unexpectedValue(file: String, model: String, key: String, found: String, expected: String)
  case badPrice(file: String, model: String, key: String, found: String)

  package var description: String {
    switch self {
    case .malformed(let file, let error): "\(file), \(error)"
    case .notAnObject(let file): "\(file): a price file is one object with a member for each model"
    case .unexpectedValue(let file, let model, let key, let found, let expected):
      "\(file): \(model): \(key) is \(found); it must be \(expected)"
    case .badPrice(let file, let model, let key, let found):
      "\(file): \(model): \(key) is \(found); a price per token is a number from 0 to 1 (USD)"
    }
  }
}
