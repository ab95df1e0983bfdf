import BudgetCore

/// Lets a log line through at most once per interval for each key.
///
/// Keys come from a small fixed set (error numbers, reasons), so memory is bounded by that set.
package struct LogThrottle<Key: Hashable> {
  private let interval: Int64
  private var seen: [Key: (next: Int64, withheld: Int)] = [:]

  /// One line in `seconds` seconds.
  package init(seconds: Int64 = 10) { interval = seconds.saturatingMultiply(1_000_000_000) }

  /// How many lines were withheld since the last one that was let through; nil: withhold this one too.
  ///
  /// `now` is a steady clock in nanoseconds.
  package mutating func admit(_ key: Key, now: Int64) -> Int? {
    guard let (next, withheld) = seen[key], now < next else {
      let withheld = seen[key]?.withheld ?? 0
      seen[key] = (now.saturatingAdd(interval), 0)
      return withheld
    }
    seen[key] = (next, withheld.saturatingAdd(1))
    return nil
  }
}

extension LogThrottle: Sendable where Key: Sendable {}
