import JSONText
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
  private func written(pretty: Bool = false, _ build: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(pretty: pretty)
    build(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func sample(_ writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.int(1)
    writer.beginObject()
    writer.endObject()
    writer.beginArray()
    writer.endArray()
    writer.null()
    writer.endArray()
    writer.key("b")
    writer.bool(false)
    writer.endObject()
  }

  @Test("commas and colons stand where they belong")
  func compact() { #expect(written(sample) == #"{"a":[1,{},[],null],"b":false}"#) }

  @Test("pretty text has a line for each item and keeps empty containers together")
  func pretty() {
    #expect(
      written(pretty: true, sample) == """
        {
          "a": [
            1,
            {},
            [],
            null
          ],
          "b": false
        }
        """)
  }

  @Test(
    "integers of every width are written in full",
    arguments: [
      (0, "0"), (-1, "-1"), (10, "10"), (Int128(Int64.max), "9223372036854775807"),
      (Int128(Int64.min), "-9223372036854775808"), (Int128(UInt64.max), "18446744073709551615"),
      (-Int128(UInt64.max), "-18446744073709551615"), (Int128(UInt64.max) + 1, "18446744073709551616"),
      (.max, "170141183460469231731687303715884105727"), (.min, "-170141183460469231731687303715884105728"),
    ] as [(Int128, String)])
  func integers(value: Int128, text: String) {
    #expect(written { $0.int(value) } == text)
  }

  @Test("a key of the program stands like any other", arguments: [false, true])
  func keys(pretty: Bool) {
    func object(_ key: (inout JSONWriter) -> Void) -> String {
      written(pretty: pretty) { writer in
        writer.beginObject()
        for _ in 0..<2 {
          key(&writer)
          writer.string("")
        }
        writer.endObject()
      }
    }
    #expect(object { $0.key("name") } == object { $0.key(named: "name") })
    #expect(
      object { $0.key("ein Schlüssel, länger als fünfzehn") }
        == object { $0.key(named: "ein Schlüssel, länger als fünfzehn") })
  }

  @Test("text that is written in place stands like a string, whatever room it leaves", arguments: [0, 1, 3, 200])
  func plainStrings(length: Int) {
    let text = String(repeating: "7", count: length)
    func list(_ item: (inout JSONWriter) -> Void) -> String {
      written { writer in
        writer.beginArray()
        for _ in 0..<3 { item(&writer) }
        writer.endArray()
      }
    }
    let inPlace = list { writer in
      writer.plainString(upTo: 200) { room in
        for place in 0..<length { room.initializeElement(at: place, to: UInt8(ascii: "7")) }
        return length
      }
    }
    #expect(inPlace == list { $0.string(text) })
  }

  @Test("narrow integers are written at their edges")
  func narrowIntegers() {
    #expect(written { $0.int(Int8.min) } == "-128")
    #expect(written { $0.int(UInt8.max) } == "255")
    #expect(written { $0.int(Int64.min) } == "-9223372036854775808")
  }

  @Test("doubles are as short as they can be, and null when not finite")
  func doubles() throws {
    for value in [0.1, -0.0, 1, 1e21, 1.5e-9, Double.leastNonzeroMagnitude, .greatestFiniteMagnitude] {
      let text = written { $0.double(value) }
      #expect(try JSONValue.parse(text).asNumber?.double == value)
      #expect(text == value.description)
    }
    for value in [Double.nan, .infinity, -.infinity] { #expect(written { $0.double(value) } == "null") }
  }

  @Test("every code point below 256 survives a round trip as key and as value")
  func escapes() throws {
    let text = String(String.UnicodeScalarView((0..<256).map { Unicode.Scalar(UInt8($0)) }))
    let value = JSONValue.object([text: .string(text)])
    #expect(try JSONValue.parse(value.bytes()) == value)
    #expect(try JSONValue.parse(value.bytes(pretty: true)) == value)
    #expect(value.bytes().allSatisfy { $0 >= 0x20 })
  }
}
