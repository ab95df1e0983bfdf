import BudgetCore
import Testing
import UsageProtocol

/// Lines of the usual form take a short way through the parser. A bar at the end says nothing, but keeps a line off it:
/// both ways must make the same of every line.
@Suite("Common lines")
struct CommonLineTests {
  private static let tags = [
    "", "#", "#a", "#agent:a", "#agent:a1,user:u7,model:gpt-4o", "#agent:a1,user:u7,model:gpt-4o,kind:input\u{20}",
    "#" + String(repeating: "x", count: 200), "#ümlaut:ß", "#a:b#c:d", "#a:\t\u{1}",
  ]

  @Test(
    "a line is read alike on the short way and on the long one",
    arguments: [
      "0", "1", "7", "10", "99", "123", "1234", "65535", "999999", "1234567", "12345678", "123456789", "000000012",
      "4294967295", "4294967296", "999999999999999", "1000000000000000", "99999999999999999999", "", "-1", "+1", "1.5",
      "1e3", "1:2", ":", "/", "1/", "12:", "1;", "12345:7", "a", "1a", "\u{B0}", "1\u{B9}", "١",
    ])
  func ways(value: String) {
    for name in ["tokens", "token", "tokens2", "Tokens", "requests"] {
      for type in ["c", "g", "cc", "C", ""] {
        for tags in Self.tags {
          let line = "\(name):\(value)|\(type)|\(tags)"
          let (short, long) = (Parsed(line), Parsed(line + "|"))
          #expect(short.events == long.events, "\(line)")
          #expect(short.rejections == long.rejections && short.ignored == long.ignored, "\(line)")
          #expect(short.areHashesRight && short.tally.lines == 1, "\(line)")
        }
      }
    }
  }

  @Test("tags of every length, at the end of the bytes and before others, with each end of line")
  func lengths() {
    for length in 0...100 {
      let tags = String("agent:abcdefghijklmnopqrstuvwxyz,".prefix(length)).padding(to: length)
      let line = "tokens:42|c|#" + tags
      let event = Parsed.Event(kind: .tokens, amount: 42, tags: tags)
      for text in [line, line + "\n", line + "\r\n", line + "\n\n", "\n" + line] {
        let parsed = Parsed(text)
        #expect(parsed.events == [event] && parsed.areHashesRight && parsed.tally.lines == 1, "\(length)")
      }
      for end in ["\n", "\r\n", "|\n", "|T1|@0.5\n"] {
        let parsed = Parsed(line + end + line)
        #expect(parsed.events.count == 2 && parsed.events.last == event && parsed.areHashesRight, "\(length)")
      }
      #expect(Parsed(line + "\r").events == [event])
    }
  }

  @Test("what is cut off anywhere is no usage of anything else")
  func cutOff() {
    let line = "tokens:42|c|#agent:a1,user:u2"
    for length in 0..<line.utf8.count {
      let text = String(line.prefix(length))
      let (short, long) = (Parsed(text), Parsed(text + "|"))
      #expect(short.events.allSatisfy { $0.amount == 42 || $0.amount == 4 })
      if length > "tokens:42|c".utf8.count { #expect(short.events == long.events, "\(text)") }
    }
  }

  @Test("a line that is too long is refused, and the next one counts")
  func tooLong() {
    for excess in [0, 1] {
      let room = LineParser.longestLine - "tokens:1|c|#".utf8.count
      let line = "tokens:1|c|#" + String(repeating: "x", count: room + excess)
      let parsed = Parsed(line + "\ntokens:2|c|#a:b\n")
      #expect(parsed.rejections == (excess > 0 ? [.lineTooLong: 1] : [:]))
      #expect(parsed.events.last?.amount == 2 && parsed.events.count == 2 - excess)
    }
  }
}

extension String {
  /// Of this length at least.
  fileprivate func padding(to length: Int) -> String { self + String(repeating: "y", count: max(0, length - count)) }
}
