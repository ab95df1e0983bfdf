extension WindowRule {
  /// The window as a label value: `24h`, `day`, `lifetime`.
  package var name: String {
    switch self {
    case .rolling(let length), .fixed(let length): DurationText.text(length)
    case .calendar(let rule): rule.period.rawValue
    case .lifetime: "lifetime"
    }
  }

  /// Whether use is kept in buckets that leave one by one.
  var hasBuckets: Bool {
    if case .rolling = self { true } else { false }
  }

  var axis: Account.Axis {
    switch self {
    case .rolling, .lifetime: .steady
    case .fixed, .calendar: .wall
    }
  }

  /// The window's length, where it has one that is always the same.
  package var length: Interval? {
    switch self {
    case .rolling(let length), .fixed(let length): length
    case .calendar, .lifetime: nil
    }
  }
}
