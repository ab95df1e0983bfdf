/// Writes JSON into bytes, compact or with two-space indentation.
///
/// Commas, colons and line breaks come by themselves; that beginnings and ends match, and that an object
/// has a key before each value, is the caller's part.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8] = []
  private let isPretty: Bool
  private var depth = 0
  private var needsComma = false
  private var followsKey = false

  package init(pretty: Bool = false, reserving capacity: Int = 0) {
    isPretty = pretty
    bytes.reserveCapacity(capacity)
  }

  package mutating func beginObject() { begin(UInt8(ascii: "{")) }
  package mutating func endObject() { end(UInt8(ascii: "}")) }
  package mutating func beginArray() { begin(UInt8(ascii: "[")) }
  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// A key that the program itself spells, in which nothing wants escaping.
  package mutating func key(_ name: StaticString) {
    let content = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    assert(!Self.needsEscape(content))
    if isPretty { appendLaidOut(content, as: .key) } else { appendPlain(content, as: .key) }
    followsKey = true
  }

  /// Any other key.
  package mutating func key(named name: String) {
    appendQuoted(name, as: .key)
    followsKey = true
  }

  package mutating func string(_ value: String) {
    appendQuoted(value, as: .value)
    needsComma = true
  }

  /// A string of plain ASCII without quotes and backslashes, which `write` puts into memory.
  /// - Parameters:
  ///   - capacity: bytes that it may have at most.
  ///   - write: returns how many it has.
  package mutating func plainString(upTo capacity: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    startItem()
    bytes.append(addingCapacity: capacity + 2) { output in
      output.append(UInt8(ascii: "\""))
      output.withUnsafeMutableBufferPointer { buffer, count in
        count += write(UnsafeMutableBufferPointer(rebasing: buffer[count..<(count + capacity)]))
      }
      output.append(UInt8(ascii: "\""))
    }
    needsComma = true
  }

  package mutating func int(_ value: Int) { int(Int64(value)) }

  package mutating func int(_ value: Int64) {
    startItem()
    appendDigits(of: value.magnitude, isNegative: value < 0)
    needsComma = true
  }

  package mutating func int(_ value: Int128) {
    startItem()
    if let small = UInt64(exactly: value.magnitude) {
      appendDigits(of: small, isNegative: value < 0)
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
    needsComma = true
  }

  /// Any other type of integer; slower, because other modules reach this one unspecialised.
  package mutating func int(_ value: some FixedWidthInteger) { int(Int128(value)) }

  package mutating func number(_ value: JSONNumber) { appendValue(value.text) }

  /// The shortest text that reads back as the same number; `null` when it is not finite.
  package mutating func double(_ value: Double) {
    guard value.isFinite else { return null() }
    appendValue(value.description)
  }

  package mutating func bool(_ value: Bool) { appendWord(value ? "true" : "false") }

  package mutating func null() { appendWord("null") }

  /// A value that is JSON text already.
  package mutating func json(_ text: some Sequence<UInt8>) {
    startItem()
    bytes.append(contentsOf: text)
    needsComma = true
  }

  private mutating func begin(_ bracket: UInt8) {
    startItem()
    bytes.append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    depth -= 1
    if isPretty, needsComma { breakLine() }
    bytes.append(bracket)
    needsComma = true
  }

  /// What stands between the last item and the one to come.
  private mutating func startItem() {
    if followsKey {
      followsKey = false
      return
    }
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    if isPretty, depth > 0 { breakLine() }
  }

  private mutating func breakLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, depth) * 2))
  }

  private mutating func appendValue(_ text: String) {
    startItem()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func appendWord(_ word: StaticString) {
    startItem()
    bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    needsComma = true
  }

  private mutating func appendDigits(of magnitude: UInt64, isNegative: Bool) {
    // 20 digits hold any UInt64.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = magnitude
      var start = digits.count
      repeat {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(digit)
        rest = quotient
      } while rest > 0
      if isNegative { bytes.append(UInt8(ascii: "-")) }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  private enum Quoted { case key, value }

  /// Appends an item that is a string.
  private mutating func appendQuoted(_ text: String, as role: Quoted) {
    var text = text
    text.withUTF8 { content in
      if isPretty || Self.needsEscape(content) {
        appendLaidOut(content, as: role)
      } else {
        appendPlain(content, as: role)
      }
    }
  }

  /// Copies what has nothing to escape in one piece. The room for it and for what stands around it is asked for once.
  private mutating func appendPlain(_ content: UnsafeBufferPointer<UInt8>, as role: Quoted) {
    let needsComma = needsComma && !followsKey
    followsKey = false
    bytes.append(addingCapacity: content.count + 4) { output in
      output.withUnsafeMutableBufferPointer { buffer, count in
        guard var end = buffer.baseAddress?.advanced(by: count) else { return }
        func put(_ byte: Unicode.Scalar) {
          end.initialize(to: UInt8(ascii: byte))
          end += 1
        }
        let start = end
        if needsComma { put(",") }
        put("\"")
        if let first = content.baseAddress { end.initialize(from: first, count: content.count) }
        end += content.count
        put("\"")
        if role == .key { put(":") }
        count += end - start
      }
    }
  }

  /// The same on a line of its own, or with escapes.
  private mutating func appendLaidOut(_ content: UnsafeBufferPointer<UInt8>, as role: Quoted) {
    startItem()
    appendEscaped(content)
    guard role == .key else { return }
    bytes.append(UInt8(ascii: ":"))
    if isPretty { bytes.append(UInt8(ascii: " ")) }
  }

  private static func needsEscape(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
    // Without an early end the loop looks at sixteen bytes at once.
    var found = false
    for byte in content { found = found || needsEscape(byte) }
    return found
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// A string literal, escape by escape; runs of plain bytes between them are copied whole.
  private mutating func appendEscaped(_ content: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var runStart = 0
    for offset in content.indices where Self.needsEscape(content[offset]) {
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[runStart..<offset]))
      appendEscape(content[offset])
      runStart = offset + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[runStart...]))
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    default:
      bytes.append(contentsOf: byte < 0x10 ? "\\u000".utf8 : "\\u00".utf8)
      bytes.append(contentsOf: String(byte, radix: 16).utf8)
    }
  }
}
