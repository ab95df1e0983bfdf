import Terminal
import Testing

@Suite("Keys")
struct KeyParserTests {
  private func keys(_ text: String) -> [Key] {
    var parser = KeyParser()
    return parser.receive(Array(text.utf8))
  }

  @Test(
    "sequences of both modes are read",
    arguments: [
      ("\u{1B}[A\u{1B}OB", [Key.up, .down]), ("\u{1B}[C\u{1B}[D", [.right, .left]),
      ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
      ("\u{1B}[1~\u{1B}[4~\u{1B}[H\u{1B}[F", [.home, .end, .home, .end]), ("\r\n", [.enter, .enter]),
      ("q\u{1B}[Ax", [.character("q"), .up, .character("x")]), ("\u{1B}", [.escape]), ("ü", [.character("ü")]),
      ("\u{1B}q", [.escape, .character("q")]),
    ])
  func sequences(text: String, expected: [Key]) { #expect(keys(text) == expected) }

  @Test(
    "what is no key of ours is passed over",
    arguments: ["\u{1B}[15~", "\u{1B}[1;5C", "\u{1}", "\u{7F}", "\u{1B}[<0;1;2M"])
  func others(text: String) { #expect(keys(text + "q") == [.character("q")]) }

  @Test("a sequence and a character may come in pieces")
  func pieces() {
    var parser = KeyParser()
    #expect(parser.receive([0x1B, UInt8(ascii: "[")]).isEmpty)
    #expect(parser.receive([UInt8(ascii: "A")]) == [.up])
    #expect(parser.receive([0xC3]).isEmpty)
    #expect(parser.receive([0xBC]) == [.character("ü")])
  }

  @Test("a sequence without end takes no memory")
  func endless() {
    var parser = KeyParser()
    for _ in 0..<1000 { _ = parser.receive(Array("\u{1B}[0".utf8) + [UInt8](repeating: 0x30, count: 100)) }
    #expect(parser.receive(Array("\u{1B}[Aq".utf8)).last == .character("q"))
  }

  @Test("no bytes are no keys, and any bytes end")
  func anyBytes() {
    #expect(keys("").isEmpty)
    var parser = KeyParser()
    for byte in UInt8.min...UInt8.max { _ = parser.receive([byte, 0xFF, byte]) }
    _ = parser.receive(Array(repeating: 0x61, count: 32))
    #expect(parser.receive(Array("q".utf8)) == [.character("q")])
  }
}
