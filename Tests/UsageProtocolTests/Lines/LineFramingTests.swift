import BudgetCore
import Testing
import UsageProtocol

@Suite("Lines of a datagram")
struct LineFramingTests {
  @Test(
    "lines end in a newline, with or without a carriage return, or with the datagram",
    arguments: [
      ("tokens:1|c", [1] as [Int64]), ("tokens:1|c\n", [1]), ("tokens:1|c\r\n", [1]), ("tokens:1|c\r", [1]), ("", []),
      ("\n", []), ("\r\n", []), ("\n\n\r\n\n", []), ("\r", []), ("\n\ntokens:1|c\n\n\ntokens:2|c\n\n", [1, 2]),
      ("tokens:1|c\r\n\r\ntokens:2|c\r\n", [1, 2]), ("tokens:1|c\ntokens:2|c", [1, 2]),
    ])
  func framing(text: String, amounts: [Int64]) {
    let parsed = Parsed(text)
    #expect(parsed.events.map(\.amount) == amounts)
    #expect(parsed.tally.lines == Int64(amounts.count))
    #expect(parsed.rejections.isEmpty && parsed.ignored.isEmpty && !parsed.tally.hasRefusals)
  }

  @Test("a carriage return inside a line is part of it")
  func innerCarriageReturn() {
    #expect(Parsed("tokens:1|c|#a:b\rc:d\n").event?.tags == "a:b\rc:d")
    #expect(Parsed("tokens:1|c\r\r\n").verdict == "unknown_type")
    #expect(Parsed("tokens:1|c|#a:b\r\n").event?.tags == "a:b")
  }

  @Test("a bad line leaves its neighbours alone, and is shown")
  func neighbours() {
    let parsed = Parsed("tokens:1|c\ntokens:x|c|#agent:a\ntokens:2|c\ntokens:1|q")
    #expect(parsed.events.map(\.amount) == [1, 2])
    #expect(parsed.rejections == [.notANumber: 1, .unknownType: 1])
    #expect(parsed.tally.lines == 4)
    #expect(parsed.tally.example?.reason == .notANumber)
    #expect(parsed.tally.example?.text == Array("tokens:x|c|#agent:a".utf8))
  }

  @Test("a refused line is shown by its beginning")
  func longExample() {
    #expect(Parsed("tokens:1|" + String(repeating: "q", count: 500)).tally.example?.text.count == 120)
  }

  @Test("64 KiB of lines in one datagram all count, whatever the batch's capacity")
  func largeDatagram() {
    let line = "tokens:3|c|#agent:researcher,user:alice,model:gpt-4o,kind:input\n"
    let count = 65_536 / line.utf8.count
    let bytes = Array(String(repeating: line, count: count).utf8)
    let parsed = Parsed(bytes, capacity: 16)
    #expect(parsed.events == Array(repeating: parsed.events[0], count: count))
    #expect(parsed.areHashesRight)
  }

  @Test("a packed line with more values than the batch holds grows the batch")
  func packedBeyondCapacity() {
    let values = (1...10_000).map(String.init)
    let parsed = Parsed(
      Array("tokens:1|c\nduration:\(values.joined(separator: ":"))|ms\ntokens:2|c".utf8), capacity: 16)
    #expect(parsed.events.count == 10_002)
    #expect(parsed.events.last?.amount == 2)
    #expect(parsed.events[1...10_000].map(\.amount) == (1...10_000).map { $0 * 1_000_000 })
  }

  @Test("a line of 64 KiB is read, a longer one is refused")
  func longestLine() {
    func line(_ length: Int) -> String {
      let start = "tokens:1|c|#agent:"
      return start + String(repeating: "a", count: length - start.utf8.count)
    }
    #expect(LineParser.longestLine == 65_536)
    #expect(Parsed(line(65_536)).verdict == "counted")
    #expect(Parsed(line(65_537)).verdict == "line_too_long")
    #expect(Parsed(line(65_537) + "\ntokens:1|c").events.count == 1)
  }

  @Test("a limit stops at a line's end, and parsing goes on exactly there", arguments: [1, 2, 3, 5, 100])
  func limits(limit: Int) {
    let text = (1...20).map { "tokens:\($0)|c|#n:\($0)\n\(["", "bad", "duration:\($0):1:2|ms", "x:1|c"][$0 % 4])\r\n" }
      .joined()
    let whole = Parsed(text)
    var parts = Parsed("")
    var batch = EventBatch(capacity: 16)
    let parser = LineParser(seed: SmallLedger.seed, acceptsObjects: false)
    Array(text.utf8).withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        position = parser.parse(bytes, from: position, into: &batch, limit: limit)
        #expect(position == bytes.count || bytes[position - 1] == UInt8(ascii: "\n"))
        // One line may hold three values and so pass the limit by two.
        #expect(batch.count < limit + 3 && (batch.count >= limit || position == bytes.count))
        parts.take(&batch)
      }
    }
    #expect(parts.events == whole.events)
    #expect(parts.rejections == whole.rejections && parts.ignored == whole.ignored)
    #expect(parts.tally.lines == whole.tally.lines)
  }

  @Test("a full batch parses nothing")
  func fullBatch() {
    var batch = EventBatch(capacity: 16)
    let parser = LineParser(seed: 1, acceptsObjects: true)
    Array("tokens:1|c\n{}\ntokens:2|c\n".utf8).withUnsafeBytes { bytes in
      let first = parser.parse(bytes, into: &batch, limit: 2)
      #expect(first == 14)
      #expect(batch.count == 1 && batch.objects.count == 1)
      #expect(parser.parse(bytes, from: first, into: &batch, limit: 2) == first)
      batch.removeAll()
      #expect(batch.count == 0 && batch.objects.isEmpty)
      #expect(parser.parse(bytes, from: first, into: &batch, limit: 2) == bytes.count)
      #expect(batch.events.map(\.amount) == [2])
    }
  }

  @Test("a line that starts with a brace is an object where objects are taken, and an error elsewhere")
  func objects() {
    let text = "tokens:1|c\n{\"tokens\":{\"input\":1}}\r\n{}\n"
    let taken = Parsed(text, acceptsObjects: true)
    #expect(taken.objects == ["{\"tokens\":{\"input\":1}}", "{}"])
    #expect(taken.events.count == 1 && taken.tally.lines == 3 && taken.rejections.isEmpty)
    let refused = Parsed(text)
    #expect(refused.objects.isEmpty && refused.events.count == 1)
    #expect(refused.rejections == [.missingType: 1, .missingValue: 1])
  }
}
