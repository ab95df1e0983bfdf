extension JSONReader {
  /// Reads a string; the position is at its opening quote.
  mutating func readString() throws(JSONError) -> String {
    let start = position + 1
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if byte == UInt8(ascii: "\"") {
        position = end + 1
        return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") { return try readEscapedString(from: start, firstEscape: end) }
      end += try length(ofCharacterAt: end)
    }
    throw fault(.unexpectedEnd, at: bytes.count)
  }

  private mutating func readEscapedString(from start: Int, firstEscape: Int) throws(JSONError) -> String {
    var content = [UInt8](bytes[start..<firstEscape])
    position = firstEscape
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return String(decoding: content, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") {
        try readEscape(into: &content)
      } else {
        let length = try length(ofCharacterAt: position)
        content.append(contentsOf: bytes[position..<position + length])
        position += length
      }
    }
    throw fault(.unexpectedEnd, at: bytes.count)
  }

  private func length(ofCharacterAt offset: Int) throws(JSONError) -> Int {
    let byte = bytes[offset]
    guard byte >= 0x20 else { throw fault(.controlCharacter(byte), at: offset) }
    guard byte >= 0x80 else { return 1 }
    let length = UTF8Sequence.length(bytes, at: offset)
    guard length > 0 else { throw fault(.invalidUTF8, at: offset) }
    return length
  }

  /// Reads one escape; the position is at its backslash.
  private mutating func readEscape(into content: inout [UInt8]) throws(JSONError) {
    let start = position
    guard start + 1 < bytes.count else { throw fault(.unexpectedEnd, at: bytes.count) }
    position += 2
    switch bytes[start + 1] {
    case UInt8(ascii: "\""): content.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): content.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): content.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      guard let scalar = Unicode.Scalar(try readCodePoint(escapeAt: start)) else {
        throw fault(.loneSurrogate, at: start)
      }
      content.append(contentsOf: UTF8.encode(scalar)!)
    default: throw fault(.invalidEscape, at: start)
    }
  }

  /// Reads the digits after `\u`, and the second half of a surrogate pair if the first stands there.
  private mutating func readCodePoint(escapeAt start: Int) throws(JSONError) -> UInt32 {
    let first = try readFourHexDigits()
    guard (0xD800..<0xDC00).contains(first) else { return first }
    guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw fault(.loneSurrogate, at: start) }
    position += 2
    let second = try readFourHexDigits()
    guard (0xDC00..<0xE000).contains(second) else { throw fault(.loneSurrogate, at: start) }
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
  }

  private mutating func readFourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count else { throw fault(.unexpectedEnd, at: bytes.count) }
      guard let digit = hexDigit(bytes[position]) else { throw fault(.invalidEscape, at: position) }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
