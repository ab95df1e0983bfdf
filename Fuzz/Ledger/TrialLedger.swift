package import BudgetCore

/// A ledger with budgets of each unit and window, and bounds so small that every one of them is met.
package enum TrialLedger {
  package static let seed: UInt64 = 0x5EED
  package static let start = Moment(Instant(seconds: 1_760_000_000))

  package static let settings: LedgerSettings = {
    var settings = LedgerSettings()
    settings.budgets = [
      Budget(name: "agent-hour", per: ["agent"], limit: 1000, window: .rolling(.hours(1))),
      Budget(name: "all-day", unit: .cost, limit: 5_000_000_000, window: .calendar(CalendarRule(period: .day))),
      Budget(name: "calls", per: ["agent", "user"], unit: .requests, limit: 3, window: .fixed(.minutes(1))),
      Budget(
        name: "session", match: [TagPattern(key: "agent", glob: "a*")], per: ["session"], limit: 50,
        window: .lifetime(idleExpiry: .minutes(1)), onExpiry: .refund),
    ]
    settings.prices = PriceTable([
      ModelPrice(provider: "openai", model: "gpt-4o", rates: TokenRates(input: 2_500_000, output: 10_000_000)),
      ModelPrice(provider: "", model: "dear", rates: TokenRates(input: .max, output: .max)),
    ])
    settings.pools = [
      Pool(name: "shared", tokens: 10_000, window: .fixed(.hours(1)), allocationTTL: .minutes(10)),
      Pool(name: "once", tokens: 500, enforceSplit: true, reserveForCritical: Ratio(millionths: 200_000)),
    ]
    settings.activities.runaways = [RunawayRule(per: "task", limits: [.tokens: 500, .repeats: 3], action: .stop)]
    settings.bounds.maxSeries = 16
    settings.bounds.maxAccounts = 12
    settings.bounds.maxScopeValues = 8
    settings.bounds.maxReservations = 4
    settings.bounds.maxDuplicateIDs = 8
    settings.bounds.seriesIdleExpiry = .minutes(1)
    return settings
  }()

  package static func make() -> Ledger { Ledger(settings: settings, seed: seed) }
}
