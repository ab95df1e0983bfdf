/// The shape of a number in RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
enum NumberGrammar {
  enum Outcome {
    /// The number ends before this offset.
    case number(end: Int)
    case fault(JSONError.Reason, at: Int)
  }

  static func scan(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Outcome {
    var position = start
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
    let whole = position
    skipDigits(bytes, &position)
    guard position > whole else { return missingDigit(bytes, at: position) }
    if bytes[whole] == UInt8(ascii: "0"), position > whole + 1 { return .fault(.leadingZero, at: whole) }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      let fraction = position
      skipDigits(bytes, &position)
      guard position > fraction else { return missingDigit(bytes, at: position) }
    }
    // Setting bit 5 makes an ASCII letter lower case.
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      let exponent = position
      skipDigits(bytes, &position)
      guard position > exponent else { return missingDigit(bytes, at: position) }
    }
    return .number(end: position)
  }

  private static func skipDigits(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) {
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
  }

  private static func missingDigit(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Outcome {
    .fault(position < bytes.count ? .invalidNumber : .unexpectedEnd, at: position)
  }
}
