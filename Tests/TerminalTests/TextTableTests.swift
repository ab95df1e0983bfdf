import Terminal
import Testing

@Suite("Tables and text")
struct TextTableTests {
  @Test("columns are as wide as what stands in them, numbers end together, lines have no spaces at their ends")
  func layout() {
    var table = TextTable([TextTable.Column("NAME"), TextTable.Column("TOKENS", .right), TextTable.Column("STATE")])
    table.add(["a", "1,234", ""])
    table.add(["longer", "5", "ok"])
    #expect(table.lines() == ["NAME    TOKENS  STATE", "a        1,234", "longer       5  ok"])
    #expect(table.text == "NAME    TOKENS  STATE\na        1,234\nlonger       5  ok\n")
  }

  @Test("a cell that is too wide is cut, and what a terminal would obey is shown as a question mark")
  func cells() {
    var table = TextTable([TextTable.Column("N"), TextTable.Column("M")])
    table.add(["abcdefgh", "\u{1B}[2J\n\u{202E}x"])
    #expect(table.lines(widest: 5) == ["N      M", "abcd…  ?[2J…"])
    #expect("a\u{7F}ü\u{85}".forTerminal == "a?ü?")
  }

  @Test(
    "text is cut and filled by characters",
    arguments: [("héllo", 5, "héllo"), ("héllo", 4, "hél…"), ("x", 0, ""), ("", 3, "")])
  func cutting(text: String, width: Int, shown: String) { #expect(text.cut(to: width) == shown) }

  @Test("filling never shortens")
  func filling() {
    #expect("ab".padded(to: 4) == "ab  ")
    #expect("ab".aligned(to: 4) == "  ab")
    #expect("abc".padded(to: 2) == "abc")
    #expect("abc".aligned(to: -1) == "abc")
  }
}
