/// Why a document is not JSON, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case byteOrderMark
    case trailingBytes
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    case duplicateKey(String)
    case leadingZero
    case invalidNumber
    case invalidEscape
    case loneSurrogate
    case controlCharacter(UInt8)
    case invalidUTF8
  }

  package var reason: Reason
  /// Bytes before the fault.
  package var offset: Int
  /// From 1.
  package var line: Int
  /// From 1, in code points.
  package var column: Int

  /// The fault at `offset` of `bytes`; O(offset), paid only by documents that are refused.
  init(_ reason: Reason, at offset: Int, in bytes: UnsafeRawBufferPointer) {
    self.reason = reason
    self.offset = offset
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.line = line
    self.column = column
  }

  /// What is wrong, without the place.
  package var sentence: String {
    switch reason {
    case .unexpectedEnd: "the document ends too early"
    case .unexpectedByte(let byte): "unexpected \(Self.name(of: byte))"
    case .byteOrderMark: "a byte order mark is not allowed"
    case .trailingBytes: "nothing may follow the document's one value"
    case .tooDeep(let limit): "more than \(limit) arrays and objects inside one another"
    case .tooManyValues(let limit): "more than \(limit) values"
    case .duplicateKey(let key): "the key \"\(key.prefix(64))\" appears twice in one object"
    case .leadingZero: "a number may not start with 0 before another digit"
    case .invalidNumber: "a number lacks a digit here"
    case .invalidEscape: "no such escape in a string"
    case .loneSurrogate: "half of a surrogate pair stands alone"
    case .controlCharacter(let byte): "\(Self.name(of: byte)) must be escaped in a string"
    case .invalidUTF8: "these bytes are not UTF-8"
    }
  }

  package var description: String { "line \(line), column \(column): \(sentence)" }

  private static func name(of byte: UInt8) -> String {
    if byte > 0x20, byte < 0x7F { return "'\(Character(Unicode.Scalar(byte)))'" }
    let digits = String(byte, radix: 16, uppercase: true)
    return "byte 0x" + (byte < 16 ? "0" : "") + digits
  }
}
