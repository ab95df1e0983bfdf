import BudgetCore
import Testing
import UsageProtocol

@testable import Snapshots

@Suite("Usage log")
struct UsageLogTests {
  private static let seed: UInt64 = 11
  private static let settings: LedgerSettings = {
    var settings = LedgerSettings()
    settings.budgets = [
      Budget(name: "agent-hour", per: ["agent"], limit: 1000, window: .rolling(.hours(1))),
      Budget(name: "all-day", unit: .cost, limit: 5_000_000_000, window: .calendar(CalendarRule(period: .day))),
      Budget(name: "calls", per: ["agent", "user"], unit: .requests, limit: 3, window: .fixed(.minutes(1))),
    ]
    settings.prices = PriceTable([
      ModelPrice(provider: "openai", model: "m", rates: TokenRates(input: 2_500_000, output: 10_000_000))
    ])
    settings.bounds.maxSeries = 32
    return settings
  }()

  /// Lines of every kind, now and then one that is refused, counted once, sampled or of an earlier time. There is but one
  /// id: a snapshot lists ids in no particular order.
  private static func line(_ random: inout SeededGenerator) -> String {
    let tags = "agent:a\(Int.random(in: 0..<6, using: &random)),user:u\(Int.random(in: 0..<9, using: &random)),model:m"
    let amount = Int.random(in: 0..<5000, using: &random)
    return switch Int.random(in: 0..<16, using: &random) {
    case 0: "cost:0.\(amount)|c|#\(tags)"
    case 1: "cost:\(amount)|c|#\(tags)"
    case 2: "requests:1|c|@0.3|#\(tags)"
    case 3: "tokens:\(amount).7|c|#\(tags),kind:output"
    case 4: "request.duration:\(amount)|ms|@0.1|#\(tags)"
    case 5: "tokens:\(amount)|c|#agent:a,id:once"
    case 6: "tokens:\(amount)|c|#\(tags)|T\(noon.nanoseconds / 1_000_000_000 - Int64(amount))"
    case 7: "tokens:\(amount)|c|#,\(tags),,\(amount % 3)"
    case 8: "items:\(amount)|c"
    case 9: "tokens:5000000000|c|#\(tags)"
    case 10: "requests:1|c|#\(tags),job:j\(amount % 5)"
    default: "tokens:\(amount)|c|#\(tags),kind:\(amount % 2 == 0 ? "input" : "output")"
    }
  }

  @Test("what it noted leads another ledger to the same state, batch by batch, whenever it starts anew")
  func sameState() throws {
    var random = SeededGenerator(seed: 3)
    var ledger = Ledger(settings: Self.settings, seed: Self.seed)
    ledger.log.isOn = true
    var again = Ledger(settings: Self.settings, seed: Self.seed)
    var reader = UsageLogReader(seed: Self.seed)
    let parser = LineParser(seed: Self.seed, acceptsObjects: false)
    var batch = EventBatch()
    var (textBytes, logBytes) = (0, 0)
    for round in 0..<200 {
      if round % 40 == 39 { ledger.log.startAnew() }
      if round % 80 == 79 { reader = UsageLogReader(seed: Self.seed) }
      let now = Moment.after(.seconds(Int64(round) * 20))
      let text = Array((0..<50).map { _ in Self.line(&random) }.joined(separator: "\n").utf8)
      textBytes += text.count
      let log = text.withUnsafeBytes { bytes in
        _ = parser.parse(bytes, into: &batch)
        ledger.apply(batch.events, now: now)
        batch.removeAll()
        return Array(ledger.log.take())
      }
      logBytes += log.count
      try log.withUnsafeBytes { try reader.read($0) { again.apply($0.events, now: now) } }
    }
    let end = Moment.after(.hours(2))
    let expected = try SnapshotFile.open(SnapshotFile.encode(ledger.capture(now: end))).content
    let found = try SnapshotFile.open(SnapshotFile.encode(again.capture(now: end))).content
    let firstDifference = zip(expected, found).enumerated().first { $1.0 != $1.1 }?.offset
    #expect(firstDifference == nil && expected.count == found.count)
    #expect(batch.takeTally().lines == 10_000)
    #expect(logBytes < textBytes)
  }

  @Test("a line of known tags takes 8 bytes, of new ones 8 and their length more")
  func size() {
    let notes = UsageNotes()
    #expect(notes.note([SampleUsage(1), SampleUsage(2)]).count == 8 + 7 + 8 + 8)
    #expect(notes.note([SampleUsage(4_000_000_000), SampleUsage(3, kind: .requests)]).count == 16)
    #expect(notes.note([SampleUsage(5_000_000_000)]).count == 32)
    notes.startAnew()
    #expect(notes.note([SampleUsage(1)]).count == 8 + 7 + 8)
  }

  @Test("without a reader it notes nothing")
  func off() {
    var ledger = Ledger(settings: Self.settings, seed: Self.seed)
    let event = UsageEvent(kind: .tokens, amount: 1, tags: ByteHash.emptyByte, tagsLength: 0, hash: 1)
    withUnsafeBytes(of: event) { ledger.apply($0.assumingMemoryBound(to: UsageEvent.self), now: .after(.zero)) }
    let count = ledger.log.take().count
    #expect(count == 0)
  }

  @Test("cut at any length or with any bit flipped it is refused, or read as events that a parser could have made")
  func damage() throws {
    let notes = UsageNotes()
    let whole = notes.note([
      SampleUsage(1), SampleUsage(1 << 50, kind: .cost), SampleUsage(2, tags: "agent:a,id:7"),
      SampleUsage(5, tags: "x:y"),
    ])
    let error = { (bytes: [UInt8]) -> UsageLogError? in
      bytes.withUnsafeBytes { bytes in
        var reader = UsageLogReader(seed: 1)
        do throws(UsageLogError) {
          let isSound = try reader.read(bytes) { $0.events.allSatisfy { $0.amount >= 0 && $0.weight.isFinite } }
          #expect(isSound)
          return nil
        } catch {
          return error
        }
      }
    }
    #expect(error(whole) == nil)
    var isWhole = 0
    for length in 0..<whole.count where error(Array(whole[..<length])) == nil { isWhole += 1 }
    // The beginnings that end behind an entry, and nothing in between.
    #expect(isWhole == 6)
    for bit in 0..<(whole.count * 8) {
      var damaged = whole
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      _ = error(damaged)
    }
    let word = { (low: UInt32, high: UInt32) in
      withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { Array($0) }
    }
    #expect(error(word(0, 1)) == .unknownTags)
    #expect(error(word(5 | 1 << 4, 0)) == .unknownTags)
    #expect(error(word(7, 0)) == .unknownTags)
    #expect(error(word(5, 0) + word(7, 0)) == .unknownCode)
    #expect(error(word(5, 9) + word(0, 0)) == .cutOff)
    #expect(error(word(5, 0) + word(8, 1)) == .cutOff)
    let details = word(.max, 0) + [UInt8](repeating: 0, count: 16)
    #expect(error(word(5, 0) + word(8, 1) + details) == .outOfBounds)
  }
}
