import JSONText
import Testing

@Suite("JSON grammar")
struct JSONGrammarTests {
  @Test(
    "a valid document is read and written back in its compact form",
    arguments: [
      ("null", "null"), ("true", "true"), ("false", "false"), (" \t\r\n1 \n", "1"), ("\"\"", "\"\""),
      ("[]", "[]"), ("{}", "{}"), ("[ ]", "[]"), ("{ }", "{}"), ("[[],{}]", "[[],{}]"),
      ("[1 , 2,\n3]", "[1,2,3]"), ("{\"a\" : 1 ,\"b\":[null]}", "{\"a\":1,\"b\":[null]}"),
      ("0", "0"), ("-0", "-0"), ("-0.0e-0", "-0.0e-0"), ("1E400", "1E400"), ("1e+5", "1e+5"),
      ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
      (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\u0008\u000c\n\r\t""#),
      (#""\u0041\u00e9\u20AC\ud83d\uDE00""#, "\"A\u{E9}\u{20AC}\u{1F600}\""),
      (#""\u0000\u001f""#, #""\u0000\u001f""#), ("\"\u{7F}\"", "\"\u{7F}\""),
      ("\"\u{E9}\u{20AC}\u{1F600}\u{10FFFF}\u{FFFE}\"", "\"\u{E9}\u{20AC}\u{1F600}\u{10FFFF}\u{FFFE}\""),
      (#"{"":0,"\u0061":1}"#, #"{"":0,"a":1}"#), (#""a\u0062c\\d""#, #""abc\\d""#),
    ])
  func accepts(text: String, compact: String) throws {
    #expect(String(decoding: try JSONValue.parse(text).bytes(), as: UTF8.self) == compact)
  }

  @Test(
    "a malformed document is refused at the byte where it goes wrong",
    arguments: [
      ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1), ("{", .unexpectedEnd, 1),
      ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4),
      ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6), ("\"a", .unexpectedEnd, 2),
      ("\"\\", .unexpectedEnd, 2), ("\"\\u12", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1),
      ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
      ("[1,]", .unexpectedByte(93), 3), ("[,1]", .unexpectedByte(44), 1), ("[1,,2]", .unexpectedByte(44), 3),
      ("[1 2]", .unexpectedByte(50), 3), ("{,}", .unexpectedByte(44), 1), ("{\"a\":1,}", .unexpectedByte(125), 7),
      ("{\"a\"}", .unexpectedByte(125), 4), ("{\"a\" 1}", .unexpectedByte(49), 5), ("{1:2}", .unexpectedByte(49), 1),
      ("{'a':1}", .unexpectedByte(39), 1), ("{a:1}", .unexpectedByte(97), 1), ("[1}", .unexpectedByte(125), 2),
      ("{\"a\":}", .unexpectedByte(125), 5), ("NaN", .unexpectedByte(78), 0), ("nan", .unexpectedByte(97), 1),
      ("Infinity", .unexpectedByte(73), 0), ("-Infinity", .invalidNumber, 1), ("True", .unexpectedByte(84), 0),
      ("trUe", .unexpectedByte(85), 2), ("+1", .unexpectedByte(43), 0), (".5", .unexpectedByte(46), 0),
      ("//x\n1", .unexpectedByte(47), 0), ("\u{C}1", .unexpectedByte(12), 0), ("\u{A0}1", .unexpectedByte(0xC2), 0),
      ("]", .unexpectedByte(93), 0), ("\0", .unexpectedByte(0), 0),
      ("01", .leadingZero, 0), ("-01", .leadingZero, 1), ("00", .leadingZero, 0), ("[0012]", .leadingZero, 1),
      ("1.a", .invalidNumber, 2), ("1.e1", .invalidNumber, 2), ("1ex", .invalidNumber, 2), ("-a", .invalidNumber, 1),
      ("- 1", .invalidNumber, 1), ("1 2", .trailingBytes, 2), ("{}x", .trailingBytes, 2), ("0x1", .trailingBytes, 1),
      ("1_000", .trailingBytes, 1), ("null\0", .trailingBytes, 4), ("\u{FEFF}1", .byteOrderMark, 0),
      ("\"\\x41\"", .invalidEscape, 1), ("\"\\'\"", .invalidEscape, 1), ("\"\\u00g0\"", .invalidEscape, 5),
      ("\"\\U0041\"", .invalidEscape, 1), ("\"\\u-123\"", .invalidEscape, 3),
      ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1), ("\"\\ud800x\"", .loneSurrogate, 1),
      ("\"\\ud800\\n\"", .loneSurrogate, 1), ("\"\\ud800\\ud800\"", .loneSurrogate, 1),
      ("\"\\udc00\\ud800\"", .loneSurrogate, 1), ("\"a\tb\"", .controlCharacter(9), 2),
      ("\"a\nb\"", .controlCharacter(10), 2), ("\"\\n\0\"", .controlCharacter(0), 3),
      ("{\"a\":1,\"a\":1}", .duplicateKey("a"), 7), (#"{"a":1,"\u0061":2}"#, .duplicateKey("a"), 7),
    ] as [(String, JSONError.Reason, Int)])
  func refuses(text: String, reason: JSONError.Reason, offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func refusesInvalidUTF8(content: [UInt8]) {
    // Before and after an escape: two paths through the reader.
    for prefix in ["\"ab", "\"\\n"] {
      let start = Array(prefix.utf8)
      let error = #expect(throws: JSONError.self) { try JSONValue.parse(start + content + [0x22]) }
      #expect(error?.reason == .invalidUTF8)
      #expect(error?.offset == start.count)
    }
  }

  @Test("an error names line and column, counting code points")
  func errorPlaces() {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse("{\n  \"\u{E9}\u{1F600}\": x\n}") }
    #expect(error?.description == "line 2, column 9: unexpected 'x'")
    #expect(error?.offset == 14)
    let control = #expect(throws: JSONError.self) { try JSONValue.parse("\"\u{1}\"") }
    #expect(control?.description == "line 1, column 2: byte 0x01 must be escaped in a string")
  }

  @Test("depth is bounded, and the bound itself is allowed")
  func depth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
    }
    _ = try JSONValue.parse(nested(32))
    #expect(throws: JSONError.self) { try JSONValue.parse(nested(33)) }
    _ = try JSONValue.parse(nested(3), limits: JSONLimits(depth: 3))
    let error = #expect(throws: JSONError.self) { try JSONValue.parse(nested(4), limits: JSONLimits(depth: 3)) }
    #expect(error?.reason == .tooDeep(limit: 3))
    // Unclosed, and with a limit nobody should set: the stack holds.
    let flood = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONError.self) { try JSONValue.parse(flood, limits: JSONLimits(depth: .max)) }
    let objects = Array(String(repeating: "{\"a\":", count: 40).utf8)
    #expect(throws: JSONError.self) { try JSONValue.parse(objects) }
  }

  @Test("the number of values is bounded, and the bound itself is allowed")
  func values() throws {
    _ = try JSONValue.parse("[1,2,3]", limits: JSONLimits(values: 4))
    for text in ["[1,2,3,4]", "[[[1]],2]", #"{"a":1,"b":2,"c":3,"d":4}"#] {
      let error = #expect(throws: JSONError.self) { try JSONValue.parse(text, limits: JSONLimits(values: 4)) }
      #expect(error?.reason == .tooManyValues(limit: 4))
    }
  }

  @Test("large objects keep their order, find every key and still refuse a duplicate")
  func largeObjects() throws {
    let keys = (0..<50_000).map { "key-\($0)" }
    let text = "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",")
    let clock = ContinuousClock()
    let start = clock.now
    let object = try #require(try JSONValue.parse(text + "}").asObject)
    #expect(object.members.map(\.key) == keys)
    #expect(object["key-49999"]?.asInt64 == 1)
    #expect(object["key-50000"] == nil)
    let error = #expect(throws: JSONError.self) { try JSONValue.parse(text + ",\"key-9\":2}") }
    #expect(error?.reason == .duplicateKey("key-9"))
    // Comparing each key with each would take minutes.
    #expect(clock.now - start < .seconds(10))
  }

  @Test("objects are equal whatever the order, and lookup works on both sides of the index")
  func objects() throws {
    for count in [1, 7, 8, 9, 10, 20] {
      let forward = "{" + (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
      let backward = "{" + (0..<count).reversed().map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
      let object = try #require(try JSONValue.parse(forward).asObject)
      #expect(try JSONValue.parse(backward) == .object(object))
      for key in 0..<count { #expect(object["k\(key)"]?.asInt64 == Int64(key)) }
      var grown = object
      #expect(grown.insert("k0", .null) == false)
      #expect(grown == object)
      #expect(grown.insert("new", .null) == true)
      #expect(grown != object)
    }
  }
}
