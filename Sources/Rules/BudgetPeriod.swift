package import BudgetCore

/// The kinds of windows that have burn-rate alerts of their own.
///
/// The share of a budget that one alert stands for is `factor * lookback / window`, so the factors fit windows
/// of about this length only. A budget of any other window has the alerts that need no burn rate.
package enum BudgetPeriod: String, CaseIterable, Sendable {
  case hour, day, week, month

  /// The values of the label `window` that budgets of this period have when nothing more is known about them.
  var usualWindows: [String] {
    switch self {
    case .hour: ["hour", "1h"]
    case .day: ["day", "24h"]
    case .week: ["week", "7d"]
    case .month: ["month", "30d"]
    }
  }

  /// The period whose factors fit a window; `nil` for those that none fits, and for lifetimes.
  package init?(_ window: WindowRule) {
    switch window {
    case .calendar(let rule):
      guard let period = BudgetPeriod(rawValue: rule.period.rawValue) else { return nil }
      self = period
    case .rolling(let length), .fixed(let length):
      guard let period = BudgetPeriod.allCases.first(where: { $0.fittingLengths.contains(length) }) else { return nil }
      self = period
    case .lifetime: return nil
    }
  }

  /// From about half to about twice the period.
  private var fittingLengths: ClosedRange<Interval> {
    switch self {
    case .hour: .minutes(30)...(.hours(2))
    case .day: .hours(12)...(.hours(48))
    case .week: .days(4)...(.days(14))
    case .month: .days(15)...(.days(62))
    }
  }

  /// Normal use of a token budget burns near 1 and peaks well above it every day, so the factors follow from the share
  /// of the budget that is spent when they fire, not from those of error budgets.
  var burnThresholds: [BurnThreshold] {
    switch self {
    case .hour:
      [BurnThreshold(.critical, .fiveMinutes, .oneMinute, factor: "6", share: "50 %")]
    case .day:
      [
        BurnThreshold(.critical, .halfHour, .fiveMinutes, factor: "12", share: "25 %"),
        BurnThreshold(.critical, .twoHours, .halfHour, factor: "4", share: "33 %"),
        BurnThreshold(.warning, .sixHours, .oneHour, factor: "2", share: "50 %"),
      ]
    case .week:
      [
        BurnThreshold(.critical, .oneHour, .fiveMinutes, factor: "13.4", share: "8 %"),
        BurnThreshold(.critical, .sixHours, .halfHour, factor: "3.5", share: "12.5 %"),
        BurnThreshold(.warning, .oneDay, .twoHours, factor: "1.4", share: "20 %"),
      ]
    case .month:
      [
        BurnThreshold(.critical, .oneHour, .fiveMinutes, factor: "14.4", share: "2 %"),
        BurnThreshold(.critical, .sixHours, .halfHour, factor: "6", share: "5 %"),
        BurnThreshold(.warning, .oneDay, .twoHours, factor: "3", share: "10 %"),
      ]
    }
  }

  /// How long the chance of exhaustion has to stay high before it is told, in PromQL's spelling.
  var chanceLasts: String {
    switch self {
    case .hour: "1m"
    case .day: "10m"
    case .week, .month: "30m"
    }
  }

  /// The lookbacks over which burn rates of this period's budgets are recorded.
  var lookbacks: Set<Lookback> {
    var all = Set(burnThresholds.flatMap { [$0.long, $0.short] })
    // Those of spikes.
    if self != .hour { all.formUnion([.oneHour, .oneDay]) }
    return all
  }
}

/// One line of a period's table: burning this fast over both lookbacks has spent this share of the budget.
struct BurnThreshold: Hashable, Sendable {
  var severity: Alert.Severity
  var long: Lookback
  /// Ends the alert soon after the burning ends.
  var short: Lookback
  var factor: String
  var share: String

  init(_ severity: Alert.Severity, _ long: Lookback, _ short: Lookback, factor: String, share: String) {
    self.severity = severity
    self.long = long
    self.short = short
    self.factor = factor
    self.share = share
  }
}

/// Over how much of the past a burn rate looks; the longest is a day, which keeps the queries cheap.
enum Lookback: String, CaseIterable, Sendable {
  case oneMinute = "1m"
  case fiveMinutes = "5m"
  case halfHour = "30m"
  case oneHour = "1h"
  case twoHours = "2h"
  case sixHours = "6h"
  case oneDay = "1d"
}
