/// A number as it was written: no digit is lost before somebody says which precision they need.
///
/// Equal when written alike: `1` and `1.0` differ.
package struct JSONNumber: Hashable, Sendable {
  /// The literal, valid under RFC 8259.
  package let text: String

  /// `nil` when `literal` is not a JSON number.
  package init?(literal: String) {
    let length = Array(literal.utf8).withUnsafeBytes { bytes in
      NumberGrammar.scan(bytes, from: 0)
    }
    guard case .number(let end) = length, end == literal.utf8.count else { return nil }
    self.text = literal
  }

  package init(_ value: some FixedWidthInteger) { text = String(value) }

  /// For text the reader has already checked.
  init(checked text: String) { self.text = text }

  /// The value if it is a whole number that fits: `1e3` and `1.0` do, `0.5` does not.
  package var int64: Int64? {
    if let plain = Int64(text) { return plain }
    guard let value = DecimalDigits(text).scaled(by: 0, rounding: false) else { return nil }
    return Int64(exactly: value)
  }

  /// The value times 10^`scale`, exact up to there and rounded beyond, halves away from zero.
  ///
  /// `nil` when it does not fit 128 bits. O(digits), whatever the exponent says.
  package func decimal(scale: Int) -> Int128? { DecimalDigits(text).scaled(by: scale, rounding: true) }

  /// The nearest floating-point number; `nil` beyond its range. Never for money.
  package var double: Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }
}
