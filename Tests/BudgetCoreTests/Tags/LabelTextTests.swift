import Testing

@testable import BudgetCore

@Suite("Label text")
struct LabelTextTests {
  private func text(_ pairs: KeyValuePairs<String, String>) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in pairs { LabelText.append(name: name, value: value, to: &bytes) }
    return bytes
  }

  @Test(
    "escapes what the text format escapes",
    arguments: [
      ("plain", #"a="plain""#), ("", #"a="""#), (#"say "hi""#, #"a="say \"hi\"""#), (#"c:\dir"#, #"a="c:\\dir""#),
      ("two\nlines", #"a="two\nlines""#),
      ("cr\rtab\tnul\0del\u{7F}", "a=\"cr\u{FFFD}tab\u{FFFD}nul\u{FFFD}del\u{FFFD}\""),
      ("snow ☃ 😀", "a=\"snow ☃ 😀\""), ("}{,=", #"a="}{,=""#), (#"\n"#, #"a="\\n""#),
    ])
  func escaping(value: String, expected: String) {
    #expect(String(decoding: text(["a": value]), as: UTF8.self) == expected)
  }

  @Test("commas stand between labels only")
  func commas() {
    #expect(String(decoding: text(["a": "1", "b": "2"]), as: UTF8.self) == #"a="1",b="2""#)
    var open = Array("x{".utf8)
    LabelText.append(name: "a", value: "1", to: &open)
    #expect(String(decoding: open, as: UTF8.self) == #"x{a="1""#)
  }

  @Test("random values without control characters come back from the text as they were")
  func roundTrip() {
    var random = ZoneRandom("LabelText")
    let alphabet: [Unicode.Scalar] = ["\"", "\\", "\n", ",", "=", "{", "}", "a", "n", " ", "é", "😀", "\u{2028}"]
    for _ in 0..<2000 {
      let pairs = (0..<Int.random(in: 0...4, using: &random)).map { index in
        var value = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &random) { value.append(alphabet.randomElement(using: &random)!) }
        return Tag(key: "label\(index)", value: String(value))
      }
      var bytes: [UInt8] = []
      for tag in pairs { LabelText.append(name: tag.key, value: tag.value, to: &bytes) }
      #expect(LabelText.parse(bytes) == pairs)
      #expect(!bytes.contains(UInt8(ascii: "\n")))
    }
  }

  @Test(
    "refuses text that it did not write",
    arguments: [
      "a", "a=", "a=\"", "a=\"x", #"a="\"#, #"a="\x""#, #"a="1"b="2""#, #",a="1""#, #"a="1","#, #"="1""#, "a='1'",
      #"a="1" "#,
    ])
  func refusals(text: String) {
    #expect(LabelText.parse(Array(text.utf8)) == nil)
  }

  @Test("never traps on foreign bytes")
  func hostile() {
    var random = ZoneRandom("LabelText, hostile")
    let alphabet = Array("a=\"\\,n".utf8) + [0xFF, 0x00, 0xC3]
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      if let parsed = LabelText.parse(bytes), !bytes.contains(where: { $0 == 0xFF || $0 == 0xC3 || $0 == 0 }) {
        var again: [UInt8] = []
        for tag in parsed { LabelText.append(name: tag.key, value: tag.value, to: &again) }
        #expect(again == bytes)
      }
    }
  }

  @Test(
    "tag keys become label names",
    arguments: [("agent", "agent"), ("a-b.c", "a_b_c"), ("1x", "_1x"), ("é", "_"), ("", "")])
  func names(key: String, expected: String) { #expect(LabelText.labelName(key) == expected) }
}
