/// Tokens that agents share: each takes an allocation for a task and gives it back.
///
/// Without a window the whole allocation comes back at its end, used or not: a pool of context. With one, what was
/// used is spent until the window turns: a pool of tokens a day.
package struct Pool: Hashable, Sendable {
  package var name: String
  package var tokens: Quantity
  /// The share of each allocation that is for looking things up; the rest is for reasoning.
  package var lookupRatio: Ratio
  package var warnAt: Ratio
  /// Whether use of one kind past its share of the allocation is refused, though the other has room.
  package var enforceSplit: Bool
  /// The share of the pool that only CRITICAL work can take.
  package var reserveForCritical: Ratio
  /// Fixed or calendar; `nil` is for ever.
  package var window: WindowRule?
  /// After this long an allocation comes back by itself; `nil` is never.
  package var allocationTTL: Interval?

  package init(
    name: String, tokens: Quantity, lookupRatio: Ratio = Ratio(millionths: 900_000),
    warnAt: Ratio = Ratio(millionths: 850_000), enforceSplit: Bool = false,
    reserveForCritical: Ratio = Ratio(millionths: 0), window: WindowRule? = nil, allocationTTL: Interval? = nil
  ) {
    self.name = name
    self.tokens = tokens
    self.lookupRatio = lookupRatio
    self.warnAt = warnAt
    self.enforceSplit = enforceSplit
    self.reserveForCritical = reserveForCritical
    self.window = window
    self.allocationTTL = allocationTTL
  }

  /// What only CRITICAL work can take, rounded up so that a share above 0 keeps something.
  package var reserve: Quantity { min(tokens, reserveForCritical.threshold(of: tokens)) }

  /// The first instant of the wall clock that lies in another window.
  func windowEnd(at now: Instant) -> Instant {
    switch window {
    case .fixed(let length):
      let width = max(1, length.nanoseconds)
      let number = RollingBuckets.number(at: now, width: width)
      return Instant(nanoseconds: number.saturatingAdd(1).saturatingMultiply(width))
    case .calendar(let rule): return rule.period(containing: now).end
    case .rolling, .lifetime, nil: return .distantFuture
    }
  }
}
