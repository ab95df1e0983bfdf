import BudgetCore

/// A budget, and the calendar that its window goes by.
struct NaiveBudget: Sendable {
  var rule: Budget
  var calendar: NaiveCalendar?

  /// Of a fixed or calendar window, in nanoseconds.
  func period(at now: Int64) -> (start: Int64, end: Int64)? {
    switch rule.window {
    case .fixed(let length):
      let start = now / length.nanoseconds * length.nanoseconds
      return (start, start + length.nanoseconds)
    case .calendar: return calendar?.period(at: now)
    case .rolling, .lifetime: return nil
    }
  }

  /// Whether the window is longer than three hours and has an end.
  var hasForecastDays: Bool {
    switch rule.window {
    case .fixed(let length), .rolling(let length): length > .hours(3)
    case .calendar(let calendar): calendar.period != .hour
    case .lifetime: false
    }
  }

  /// Whether usage with these tags is counted, and in which account.
  func account(of tags: TagSet) -> [String]? {
    guard rule.countsOwn else { return nil }
    for pattern in rule.match {
      guard let value = tags[pattern.key] else { return nil }
      if pattern.glob.hasSuffix("*") {
        guard value.hasPrefix(pattern.glob.dropLast()) else { return nil }
      } else if value != pattern.glob {
        return nil
      }
    }
    let values = rule.per.compactMap { tags[$0] }
    return values.count == rule.per.count ? values : nil
  }

  /// Whether this use reaches the warning threshold, by cross-multiplication.
  func warns(_ used: Quantity, of limit: Quantity) -> Bool {
    used * 1_000_000 >= limit * Quantity(rule.warnAt.millionths)
  }
}
