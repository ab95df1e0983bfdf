import BudgetCore
import Testing
import UsageProtocol

@Suite("Usage lines at random")
struct LineDifferentialTests {
  @Test("two parsers agree on every line: what counts, what is refused and why, and the amounts")
  func agreement() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var lines = RandomLines(seed: seed)
    var parser = SingleLines()
    var counted = 0
    for _ in 0..<200_000 {
      let bytes = lines.line()
      // Between lines a carriage return at the end belongs to the newline.
      guard let last = bytes.last, last != UInt8(ascii: "\r") else { continue }
      let expected = ReferenceLineParser.read(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
      if case .counted = expected { counted += 1 }
      let problem = parser.read(bytes) { disagreement($0, expected) }
      if let problem {
        Issue.record("\(problem): \(String(decoding: bytes, as: UTF8.self).debugDescription), seed \(seed)")
        return
      }
    }
    #expect(counted > 20_000 && counted < 180_000, "seed \(seed)")
  }

  @Test("no bytes break the way from datagram to ledger, and a datagram is the sum of its lines")
  func mutations() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var lines = RandomLines(seed: seed)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(4)
    var runs = 0
    while clock.now < end || runs < 200 {
      runs += 1
      let datagram = lines.datagram()
      var pipeline = Pipeline(SmallLedger.make())
      pipeline.exercise(datagram, limit: Int.random(in: 1...8, using: &lines.random))
      let whole = Parsed(datagram)
      var parts = Parsed("")
      for line in datagram.split(separator: UInt8(ascii: "\n")) {
        let part = Parsed(Array(line))
        parts.events += part.events
        parts.tally.add(part.tally)
      }
      let isSum =
        parts.events == whole.events && parts.rejections == whole.rejections && parts.ignored == whole.ignored
        && parts.tally.lines == whole.tally.lines && whole.areHashesRight
      guard pipeline.faults.isEmpty, isSum else {
        Issue.record("\(pipeline.faults) \(String(decoding: datagram, as: UTF8.self).debugDescription), seed \(seed)")
        return
      }
    }
  }

  /// What is wrong with what the parser made of a line; `nil` when nothing is.
  private func disagreement(_ found: borrowing EventBatch, _ expected: ReferenceLineParser.Verdict) -> String? {
    switch expected {
    case .undecided: nil
    case .rejected(let reason): found.tally[reason] == 1 && found.count == 0 ? nil : "should be \(reason)"
    case .ignored(let reason): found.tally[reason] == 1 && found.count == 0 ? nil : "should be ignored as \(reason)"
    case .counted(let kind, let amounts, let weight, let timestamp, let tags):
      if found.tally.hasRefusals || found.count != amounts.count {
        "should count"
      } else if !zip(found.events, amounts).allSatisfy({ isNear($0, $1) }) {
        "should be \(amounts)"
      } else if found.events.contains(where: { $0.kind != kind || abs($0.weight - weight) > weight * 1e-9 }) {
        "should be \(kind) x \(weight)"
      } else if found.events.contains(where: { $0.timestamp != timestamp ?? UsageEvent.noTimestamp }) {
        "should be at \(timestamp ?? -1)"
      } else if found.events.contains(where: { Self.latin1($0) != tags }) {
        "should have the tags \(tags)"
      } else {
        nil
      }
    }
  }

  private func isNear(_ event: UsageEvent, _ amount: Double) -> Bool {
    let found = Double(event.amount) + Double(event.fraction) / 0x1p32
    // A cost is rounded to whole picodollars, a duration down to whole nanoseconds.
    let slack = event.kind == .cost || event.kind == .duration ? 1.0 : 1e-9
    return abs(found - amount) <= slack + amount * 1e-9
  }

  private static func latin1(_ event: UsageEvent) -> String {
    let bytes = UnsafeRawBufferPointer(start: event.tags, count: Int(event.tagsLength))
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}

/// One line at a time through one batch.
struct SingleLines: ~Copyable {
  private var batch = EventBatch(capacity: 16)

  mutating func read<Result>(_ bytes: [UInt8], _ body: (borrowing EventBatch) -> Result) -> Result {
    batch.removeAll()
    _ = batch.takeTally()
    let parser = LineParser(seed: SmallLedger.seed, acceptsObjects: false)
    return bytes.withUnsafeBytes { buffer in
      _ = parser.parse(buffer, into: &batch)
      return body(batch)
    }
  }
}
