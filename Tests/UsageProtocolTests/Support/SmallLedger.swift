import BudgetCore
import UsageProtocol

/// A ledger with one budget of each unit and window, and bounds so small that every one of them is met.
enum SmallLedger {
  static let start = Moment(Instant(seconds: 1_760_000_000))

  static var settings: LedgerSettings {
    var settings = LedgerSettings()
    settings.budgets = [
      Budget(name: "agent-hour", per: ["agent"], limit: 1000, window: .rolling(.hours(1))),
      Budget(name: "all-day", unit: .cost, limit: 5_000_000_000, window: .calendar(CalendarRule(period: .day))),
      Budget(name: "calls", per: ["agent", "user"], unit: .requests, limit: 3, window: .fixed(.minutes(1))),
      Budget(
        name: "session", match: [TagPattern(key: "agent", glob: "a*")], per: ["session"], limit: 50,
        window: .lifetime(idleExpiry: .minutes(1))),
    ]
    settings.prices = PriceTable([
      ModelPrice(provider: "openai", model: "gpt-4o", rates: TokenRates(input: 2_500_000, output: 10_000_000))
    ])
    settings.bounds.maxSeries = 16
    settings.bounds.maxAccounts = 12
    settings.bounds.maxScopeValues = 8
    settings.bounds.maxDuplicateIDs = 8
    settings.bounds.seriesIdleExpiry = .minutes(1)
    return settings
  }

  static func make() -> Ledger { Ledger(settings: settings, seed: Parsed.seed) }
}

/// Lines on their way into a ledger, as a receiver takes them there.
struct Pipeline: ~Copyable {
  var ledger: Ledger
  var batch = EventBatch(capacity: 16)
  var tally = LineTally()

  init(_ ledger: consuming Ledger) { self.ledger = ledger }

  /// Parses and applies, `limit` events at a time.
  mutating func count(_ bytes: [UInt8], now: Moment = SmallLedger.start, limit: Int = .max) {
    let parser = LineParser(seed: ledger.seed, acceptsObjects: false)
    bytes.withUnsafeBytes { buffer in
      var position = 0
      while position < buffer.count {
        position = parser.parse(buffer, from: position, into: &batch, limit: limit)
        ledger.apply(batch.events, now: now)
        batch.removeAll()
      }
    }
    tally.add(batch.takeTally())
  }

  mutating func count(_ text: String, now: Moment = SmallLedger.start) { count(Array(text.utf8), now: now) }
}
