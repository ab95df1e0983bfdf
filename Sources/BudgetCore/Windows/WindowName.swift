extension WindowRule {
  /// The window as a label value: `24h`, `day`, `lifetime`.
  package var name: String {
    switch self {
    case .rolling(let length), .fixed(let length): length.text
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

extension Interval {
  /// The interval in Prometheus' notation without fractions of a millisecond: `1h30m`, `10m`, `500ms`.
  package var text: String {
    var left = max(0, nanoseconds) / 1_000_000
    guard left > 0 else { return "0s" }
    var text = ""
    for (length, suffix) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")]
      as [(Int64, String)]
    {
      let count = left / length
      // A whole number of hours up to four days reads better as hours: 24h, not 1d.
      if suffix == "d", left % 86_400_000 != 0 || count < 4 { continue }
      if count > 0 {
        text += "\(count)\(suffix)"
        left %= length
      }
    }
    return text
  }
}
