/// Percent-decoding of RFC 3986, strict: every `%` needs its two hexadecimal digits.
enum PercentDecoding {
  /// Decodes one component; linear. With `plusIsSpace`, `+` is a space, as forms write it.
  static func decode<Bytes: Collection<UInt8>>(
    _ bytes: Bytes, plusIsSpace: Bool = false
  ) throws(RequestTargetError) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = iterator.next().flatMap(hexValue), let low = iterator.next().flatMap(hexValue) else {
          throw .badEscape
        }
        decoded.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
      default: decoded.append(byte)
      }
    }
    return decoded
  }

  /// Decodes one component to text; invalid UTF-8 and NUL are refused.
  static func decodeText<Bytes: Collection<UInt8>>(
    _ bytes: Bytes, plusIsSpace: Bool = false
  ) throws(RequestTargetError) -> String {
    let decoded = try decode(bytes, plusIsSpace: plusIsSpace)
    guard !decoded.contains(0) else { throw .controlCharacter }
    guard let text = String(validating: decoded, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
