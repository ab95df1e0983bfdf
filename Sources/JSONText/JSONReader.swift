/// Recursive descent over the bytes of one document.
///
/// On the road of every request: no byte is looked at twice unless a string holds escapes.
struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  let limits: JSONLimits
  var position = 0
  private var valuesLeft: Int

  init(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
    valuesLeft = limits.values
  }

  mutating func readDocument() throws(JSONError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw fault(.byteOrderMark, at: 0) }
    skipWhitespace()
    let value = try readValue(depth: 0)
    skipWhitespace()
    guard position == bytes.count else { throw fault(.trailingBytes, at: position) }
    return value
  }

  private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
    guard position < bytes.count else { throw fault(.unexpectedEnd, at: position) }
    guard valuesLeft > 0 else { throw fault(.tooManyValues(limit: limits.values), at: position) }
    valuesLeft -= 1
    switch bytes[position] {
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "{"): return .object(try readObject(depth: depth))
    case UInt8(ascii: "["): return .array(try readArray(depth: depth))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try readNumber())
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    default: throw unexpected()
    }
  }

  private mutating func readObject(depth: Int) throws(JSONError) -> JSONObject {
    guard depth < limits.depth else { throw fault(.tooDeep(limit: limits.depth), at: position) }
    position += 1
    skipWhitespace()
    if consume(UInt8(ascii: "}")) { return JSONObject() }
    var object = JSONObject(reserving: 4)
    while true {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw unexpected() }
      let start = position
      let key = try readString()
      skipWhitespace()
      guard consume(UInt8(ascii: ":")) else { throw unexpected() }
      skipWhitespace()
      guard object.insert(key, try readValue(depth: depth + 1)) else { throw fault(.duplicateKey(key), at: start) }
      skipWhitespace()
      if consume(UInt8(ascii: "}")) { return object }
      guard consume(UInt8(ascii: ",")) else { throw unexpected() }
      skipWhitespace()
    }
  }

  private mutating func readArray(depth: Int) throws(JSONError) -> [JSONValue] {
    guard depth < limits.depth else { throw fault(.tooDeep(limit: limits.depth), at: position) }
    position += 1
    skipWhitespace()
    if consume(UInt8(ascii: "]")) { return [] }
    var elements: [JSONValue] = []
    while true {
      elements.append(try readValue(depth: depth + 1))
      skipWhitespace()
      if consume(UInt8(ascii: "]")) { return elements }
      guard consume(UInt8(ascii: ",")) else { throw unexpected() }
      skipWhitespace()
    }
  }

  private mutating func readNumber() throws(JSONError) -> JSONNumber {
    switch NumberGrammar.scan(bytes, from: position) {
    case .number(let end):
      let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[position..<end]), as: UTF8.self)
      position = end
      return JSONNumber(checked: text)
    case .fault(let reason, let offset):
      throw fault(reason, at: offset)
    }
  }

  private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for offset in 0..<word.utf8CodeUnitCount {
      guard consume(word.utf8Start[offset]) else { throw unexpected() }
    }
    return value
  }

  private mutating func consume(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private func unexpected() -> JSONError {
    guard position < bytes.count else { return fault(.unexpectedEnd, at: bytes.count) }
    return fault(.unexpectedByte(bytes[position]), at: position)
  }

  func fault(_ reason: JSONError.Reason, at offset: Int) -> JSONError { JSONError(reason, at: offset, in: bytes) }
}
