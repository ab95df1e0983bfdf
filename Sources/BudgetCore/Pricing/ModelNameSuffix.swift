/// A date or version at the end of a model's name.
enum ModelNameSuffix: Hashable {
  /// `-2024-08-06`, `-20240806` or `@20240806`, as the number 20240806.
  case date(Int)
  /// `-latest`, `@latest` or `@default`.
  case latest
  /// `-v1` or `-v1:0`.
  case version
  /// What follows the base model in `ft:gpt-4o:organisation:name:id`.
  case fineTune

  /// The name without its suffix; `nil` when it has none. O(length).
  static func split(_ model: String) -> (base: String, suffix: ModelNameSuffix)? {
    let bytes = Array(model.utf8)
    guard let (length, suffix) = find(in: bytes), length < bytes.count else { return nil }
    return (String(decoding: bytes.dropLast(length), as: UTF8.self), suffix)
  }

  private static func find(in bytes: [UInt8]) -> (length: Int, suffix: ModelNameSuffix)? {
    if bytes.starts(with: "ft:".utf8), let colon = bytes.dropFirst(3).firstIndex(of: UInt8(ascii: ":")) {
      return (bytes.count - colon, .fineTune)
    }
    for word in ["-latest", "@latest", "@default"] where bytes.suffix(word.utf8.count).elementsEqual(word.utf8) {
      return (word.utf8.count, .latest)
    }
    if let date = date(in: bytes.suffix(11), shape: "-dddd-dd-dd") { return (11, .date(date)) }
    for shape in ["-dddddddd", "@dddddddd"] {
      if let date = date(in: bytes.suffix(9), shape: shape) { return (9, .date(date)) }
    }
    return versionLength(bytes).map { ($0, .version) }
  }

  /// The date as a number when `bytes` look like `shape` (`d`: a digit) and name a possible day.
  private static func date(in bytes: ArraySlice<UInt8>, shape: String) -> Int? {
    guard bytes.count == shape.utf8.count else { return nil }
    var number = 0
    for (byte, expected) in zip(bytes, shape.utf8) {
      if expected == UInt8(ascii: "d") {
        guard isDigit(byte) else { return nil }
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
      } else if byte != expected {
        return nil
      }
    }
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
    guard (2000...2999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    return number
  }

  private static func versionLength(_ bytes: [UInt8]) -> Int? {
    var start = bytes.count
    func skipDigits() -> Bool {
      let end = start
      while start > 0, isDigit(bytes[start - 1]) { start -= 1 }
      return start < end
    }
    guard skipDigits(), start > 0 else { return nil }
    if bytes[start - 1] == UInt8(ascii: ":") {
      start -= 1
      guard skipDigits(), start > 0 else { return nil }
    }
    guard start >= 2, bytes[start - 1] == UInt8(ascii: "v"), bytes[start - 2] == UInt8(ascii: "-") else { return nil }
    return bytes.count - start + 2
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
