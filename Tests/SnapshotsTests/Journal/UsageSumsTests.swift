import BudgetCore
import Testing
import UsageProtocol

@testable import Snapshots

@Suite("Usage added up")
struct UsageSumsTests {
  private static let seed: UInt64 = 12

  /// Every window, its edges apart from those of the windowed counters, a throttled budget of each unit, and limits on activities, all near what is used.
  private static func settings(_ random: inout SeededGenerator) -> LedgerSettings {
    var settings = LedgerSettings()
    settings.budgets = [
      Budget(name: "rolling", per: ["agent"], limit: 9_000, window: .rolling(.seconds(90))),
      Budget(name: "day", unit: .cost, limit: 900_000_000_000, window: .calendar(CalendarRule(period: .day))),
      Budget(name: "calls", per: ["agent", "user"], unit: .requests, limit: 9, window: .fixed(.seconds(7))),
      Budget(name: "session", per: ["session"], limit: 5_000, window: .lifetime(idleExpiry: .seconds(20))),
    ]
    if Bool.random(using: &random) {
      settings.budgets[0].throttleAt = Ratio(millionths: 500_000)
      settings.budgets[1].throttleAt = Ratio(millionths: 300_000)
    }
    settings.prices = PriceTable([
      ModelPrice(provider: "openai", model: "m", rates: TokenRates(input: 2_500_000, output: 10_000_000))
    ])
    settings.activities.runaways = [
      RunawayRule(per: "session", limits: [.tokens: 9_000, .requests: 12, .steps: 9], action: .stop),
      RunawayRule(per: "session", limits: [.tokens: 12_000], action: .event),
    ]
    settings.bounds.maxSeries = Int.random(in: 4...40, using: &random)
    settings.bounds.maxAccounts = Int.random(in: 6...60, using: &random)
    return settings
  }

  /// Mostly of the kinds that can be added up, of few tags. There is but one id: a snapshot lists ids in no order.
  private static func line(_ random: inout SeededGenerator, isPlain: Bool) -> String {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    let amount = number(0..<300)
    var tags = "agent:a\(number(0..<4)),user:u\(number(0..<3)),model:\(number(0..<5) == 0 ? "unknown" : "m")"
    if number(0..<3) == 0 { tags += ",session:s\(number(0..<3))" }
    if number(0..<12) == 0 { tags += ",step:\(number(0..<3))" }
    return switch number(isPlain ? 8..<60 : 0..<60) {
    case 0: "cost:0.\(amount)|c|#\(tags)"
    case 1: "tokens:\(amount).7|c|#\(tags)"
    case 2: "tokens:\(amount)|c|#agent:a,id:once"
    case 3: "tokens:\(amount)|c|#\(tags)|T\(noon.nanoseconds / 1_000_000_000 - Int64(amount))"
    case 4: "tokens:5000000000000|c|#\(tags)"
    case 5: "items:\(amount)|c|#\(tags),job:j"
    case 6: "tokens:\(amount)|c|#,\(tags),,\(amount)"
    case 7: "requests:1|c|@0.3|#\(tags)"
    case 8..<14: "duration:\(amount * 50)|ms|#\(tags)"
    case 14..<24: "requests:1|c|#\(tags)"
    default: "tokens:\(amount)|c|#\(tags),kind:\(number(0..<2) == 0 ? "input" : "output")"
    }
  }

  private static func act(_ random: inout SeededGenerator, now: Moment) -> LedgerAct {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    let tags = TagSet([Tag(key: "agent", value: "a\(number(0..<4))"), Tag(key: "session", value: "s\(number(0..<3))")])
    let spend = Spend(tokens: [TokenAmount(kind: .output, count: Int64(number(1..<500)))], requests: 1)
    switch number(0..<4) {
    case 0: return .record(spend, tags: tags, id: nil, duration: 5_000_000)
    case 1:
      let target = LedgerAct.BudgetTarget(budget: "rolling", unit: nil, tags: [])
      return .topUp(target, amount: Quantity(number(1..<9_000)), until: now.wall + .seconds(Int64(number(1..<60))))
    case 2: return .show
    default:
      let id = ReservationID(slot: UInt32(number(0..<9)), serial: 1, secret: 7)
      let deadline = now.steady + .milliseconds(Int64(number(1..<20_000)))
      return .reserve(
        tags: tags, spend: spend, granted: LedgerAct.Granted(id: id, outputSource: .given, deadline: deadline))
    }
  }

  /// Clocks go on by little, mostly; sometimes over the edge of a window, and sometimes one of them is set.
  private static func pass(_ now: inout Moment, _ random: inout SeededGenerator) {
    let steps: [Interval] = [
      .zero, .milliseconds(1), .milliseconds(100), .milliseconds(700), .seconds(4), .seconds(25), .minutes(2),
      .hours(13),
    ]
    let length = steps[min(Int.random(in: 0..<8, using: &random), Int.random(in: 0..<40, using: &random))]
    now = Moment(wall: now.wall + length, steady: now.steady + length)
    switch Int.random(in: 0..<60, using: &random) {
    case 0: now = Moment(wall: now.wall + .seconds(90), steady: now.steady)
    case 1: now = Moment(wall: now.wall - .seconds(90), steady: now.steady)
    case 2: now = Moment(wall: now.wall, steady: now.steady - .seconds(7))
    case 3: now = Moment(wall: now.wall - .seconds(7), steady: now.steady - .seconds(7))
    default: break
    }
  }

  /// The state of a ledger that did everything one by one, and of one that did it again from what was noted.
  private static func states(_ seed: UInt64) throws -> (alone: [String], together: [String], broken: [String]) {
    var random = SeededGenerator(seed: seed)
    let settings = settings(&random)
    var ledger = Ledger(settings: settings, seed: Self.seed)
    ledger.log.isOn = true
    var again = Ledger(settings: settings, seed: Self.seed)
    var sums = UsageSums(linesAlone: seed % 4 == 0 ? 100 : 0)
    var reader = UsageLogReader(seed: Self.seed)
    let parser = LineParser(seed: Self.seed, acceptsObjects: false)
    var batch = EventBatch()
    var now = Moment.after(.zero)
    for _ in 0..<120 {
      pass(&now, &random)
      switch Int.random(in: 0..<16, using: &random) {
      case 0:
        let act = act(&random, now: now)
        ledger.begin(now)
        _ = ledger.replay(act, now: now)
        sums.count(in: &again)
        again.begin(now)
        _ = again.replay(act, now: now)
        _ = again.takeEvents()
      case 1:
        // As at a snapshot, or a new file.
        ledger.log.startAnew()
        if Bool.random(using: &random) { reader = UsageLogReader(seed: Self.seed) }
      default:
        let isPlain = Int.random(in: 0..<5, using: &random) > 0
        let lines = (0..<Int.random(in: 0..<40, using: &random)).map { _ in line(&random, isPlain: isPlain) }
        ledger.begin(now)
        let log = Array(lines.joined(separator: "\n").utf8).withUnsafeBytes { bytes in
          _ = parser.parse(bytes, into: &batch)
          ledger.apply(batch.events, now: now)
          batch.removeAll()
          return Array(ledger.log.take())
        }
        try log.withUnsafeBytes { try reader.read($0) { sums.add($0, at: now, to: &again) } }
      }
      _ = ledger.takeEvents()
    }
    sums.count(in: &again)
    let end = Moment(wall: now.wall + .minutes(1), steady: now.steady + .minutes(1))
    return (try ledger.everything(at: end), try again.everything(at: end), again.checkInvariants())
  }

  @Test("lines done again come out as if each had been counted alone, whatever comes between them", arguments: 0..<8)
  func sameState(part: UInt64) throws {
    for seed in (part * 10)..<(part * 10 + 10) {
      let (alone, together, broken) = try Self.states(seed)
      let difference = zip(alone, together).enumerated().first { $1.0 != $1.1 }
      #expect(difference == nil && alone.count == together.count, "seed \(seed): \(String(describing: difference))")
      #expect(broken.isEmpty, "seed \(seed)")
    }
  }

  @Test("lines of the same tags wait for each other, and are counted when asked for")
  func waiting() throws {
    let notes = UsageNotes()
    var ledger = Ledger(settings: LedgerSettings(), seed: 1)
    var sums = UsageSums()
    var reader = UsageLogReader(seed: 1)
    let now = Moment.after(.zero)
    // The first makes the series, the second cannot be alone.
    for amount in [Int64(1), 2, 3] {
      try notes.note([SampleUsage(amount)]).withUnsafeBytes {
        try reader.read($0) { sums.add($0, at: now, to: &ledger) }
      }
    }
    let early = ledger.view(now: now).series.map { $0.tokens }
    #expect(early == [1])
    sums.count(in: &ledger)
    let late = ledger.view(now: now).series.map { $0.tokens }
    #expect(late == [6])
  }
}

extension Ledger {
  /// What a replay does before an act.
  fileprivate mutating func begin(_ now: Moment) {
    followClock(now)
    while maintainForecasts(now: now) {}
  }

  /// What is shown of it, readably, and behind that all that is stored.
  fileprivate mutating func everything(at end: Moment) throws -> [String] {
    let stored = try SnapshotFile.open(SnapshotFile.encode(capture(now: end))).content
    return picture(now: end) + ["\(stored)"]
  }
}
