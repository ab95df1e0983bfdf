import BudgetCore

/// 2025-10-15 12:00 UTC, a Wednesday: no window edge is near.
let noon = Instant(seconds: 1_760_529_600)

extension Moment {
  /// Both clocks, so long after noon.
  static func after(_ interval: Interval) -> Moment { Moment(noon + interval) }
}

extension LedgerSettings {
  /// A budget for every kind of window, unit, mode and expiry.
  static var varied: LedgerSettings {
    var settings = LedgerSettings()
    settings.budgets = [
      Budget(name: "rolling", per: ["agent"], limit: 9_000, window: .rolling(.hours(1)), onExpiry: .refund),
      Budget(name: "fixed", per: ["agent", "user"], unit: .cost, limit: 400_000_000_000, window: .fixed(.minutes(20))),
      Budget(name: "day", limit: 60_000, window: .calendar(CalendarRule(period: .day)), mode: .shadow),
      Budget(name: "session", per: ["session"], limit: 5_000, window: .lifetime(idleExpiry: .hours(2))),
      Budget(name: "calls", per: ["agent"], unit: .requests, limit: 40, window: .fixed(.hours(1)), mode: .warn),
      Budget(name: "ever", unit: .tokens, limit: nil, window: .lifetime(idleExpiry: nil)),
    ]
    return settings
  }

  /// One budget named `b` with one window, per agent.
  static func single(
    _ window: WindowRule, limit: Quantity? = 1_000, per: [String] = ["agent"], onExpiry: Budget.ExpiryPolicy = .charge
  ) -> LedgerSettings {
    var settings = LedgerSettings()
    settings.budgets = [Budget(name: "b", per: per, limit: limit, window: window, onExpiry: onExpiry)]
    return settings
  }
}
