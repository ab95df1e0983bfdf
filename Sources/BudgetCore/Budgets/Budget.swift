/// A named rule: which usage it counts, for whom, how much, and over which time.
///
/// A configured budget with several limits (tokens and dollars) becomes several of these with one name
/// and different units; (name, unit) is unique.
package struct Budget: Hashable, Sendable {
  /// What the sidecar does when usage passes the limit.
  package enum Mode: String, CaseIterable, Sendable {
    /// Decide and count, always allow.
    case shadow
    /// Allow with a warning.
    case warn
    /// Deny.
    case enforce
  }

  /// What is done when use will very likely reach the limit before the window ends.
  package enum ForecastAction: String, CaseIterable, Sendable {
    /// Tell it, and answer with a warning.
    case warn
    /// Tell it, and slow callers down to the pace that lasts to the window's end.
    case throttle
  }

  /// What happens to a hold that nobody settled in time.
  package enum ExpiryPolicy: String, CaseIterable, Sendable { case charge, refund }

  package var name: String
  package var match: [TagPattern]
  /// Whether usage that fits `match` is counted. If not, only what budgets that name this one as `parent` count is.
  package var countsOwn: Bool
  /// The name of the budget that everything counted and held here is counted and held in too, once. Its `per` is a
  /// part of this one's, so that each account has one account above it.
  package var parent: String?
  /// Tag keys: one account for each combination of their values. Usage without all of them is not counted here.
  package var per: [String]
  package var unit: BudgetUnit
  /// In the unit's smallest step. `nil` is unlimited, 0 denies everything.
  package var limit: Quantity?
  package var window: WindowRule
  package var warnAt: Ratio
  /// From this share of the limit on, callers are slowed down to the pace that lasts to the window's end; `nil`: never.
  package var throttleAt: Ratio?
  /// What is done when exhaustion is very likely; `nil`: nothing before use says so.
  package var onForecast: ForecastAction?
  package var mode: Mode
  package var reservationTTL: Interval
  package var onExpiry: ExpiryPolicy
  /// The share of the limit that, left unused, is added to the next window; of fixed and calendar windows only.
  package var rollover: Ratio?
  /// What of the limit's unit may be used past the limit, to come to an end, before the account is stopped; `nil`: it
  /// is never stopped, and nothing is granted past the limit.
  package var stopGrace: Quantity?

  package init(
    name: String, match: [TagPattern] = [], countsOwn: Bool = true, parent: String? = nil, per: [String] = [],
    unit: BudgetUnit = .tokens, limit: Quantity?, window: WindowRule, warnAt: Ratio = Ratio(millionths: 800_000),
    throttleAt: Ratio? = nil, mode: Mode = .enforce, reservationTTL: Interval = .minutes(10),
    onExpiry: ExpiryPolicy = .charge, rollover: Ratio? = nil, stopGrace: Quantity? = nil,
    onForecast: ForecastAction? = nil
  ) {
    self.name = name
    self.match = match
    self.countsOwn = countsOwn
    self.parent = parent
    self.per = per
    self.unit = unit
    self.limit = limit
    self.window = window
    self.warnAt = warnAt
    self.throttleAt = throttleAt
    self.onForecast = onForecast
    self.mode = mode
    self.reservationTTL = reservationTTL
    self.onExpiry = onExpiry
    self.rollover = rollover
    self.stopGrace = stopGrace
  }
}
