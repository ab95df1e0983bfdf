/// One budget for one combination of its `per` tags: what is used, held and left.
package struct Account: Sendable {
  /// How far use has come, as of the last crossing that was told.
  package enum Level: UInt8, Comparable, CaseIterable, Sendable {
    case ok = 0
    case warned, exhausted, exceeded

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// The clock whose reading ends the window.
  package enum Axis: UInt8, Sendable { case wall, steady }

  /// Index of the budget in the settings.
  package let budget: Int
  /// What counts against the limit in the current window.
  package internal(set) var used: Quantity = 0
  /// Held by open reservations.
  package internal(set) var reserved: Quantity = 0
  /// Everything ever used: does not reset with the window.
  package internal(set) var usedTotal: Quantity = 0
  /// The largest `usedTotal` that was shown, so that a refund never makes a counter go back.
  var shownTotal: Quantity = 0
  /// `used` at or above this needs a look at the level.
  var attention: Quantity = .max
  /// The effective limit: the budget's or an override, with what was rolled over and topped up.
  package internal(set) var limit: Quantity?
  /// What of the limit comes from the window before.
  package internal(set) var rolledOver: Quantity = 0
  /// When the account next needs a look because time passed, in nanoseconds on `axis`.
  private(set) var boundary: Int64 = .max
  /// When the window (or its current bucket) ends.
  var turnsAt: Int64 = .max { didSet { boundary = min(turnsAt, termsEnd) } }
  /// When the first of the terms that make the limit ends.
  var termsEnd: Int64 = .max { didSet { boundary = min(turnsAt, termsEnd) } }
  let axis: Axis
  /// Where this account's 61 buckets start in the table's ring storage; -1 without.
  let ring: Int
  /// How many accounts stood at this place before.
  var serial: UInt32 = 0
  /// The current bucket of a rolling window: its number since the epoch, and its place in the ring.
  var bucket: Int64 = 0
  var bucketPlace = 0
  package internal(set) var windowStart: Instant
  /// When the window turns: `distantFuture` when it does not by itself.
  package internal(set) var windowEnd: Instant
  /// It came to this window when the wall clock was set, not because the one before ended.
  var isWindowOfStep = false
  /// On the steady clock.
  package internal(set) var lastUse: Instant
  package internal(set) var level = Level.ok
  /// Used up with its grace, and not below the limit since: nothing is granted.
  package internal(set) var isStopped = false
  /// Very likely to be exhausted before its window ends, and its budget acts on that.
  package internal(set) var isProjected = false
  /// Until when, in nanoseconds on the steady clock, what was granted in the throttled zone takes up the sustainable
  /// pace. Not stored: it is at most a minute ahead.
  var pacedUntil: Int64 = .min

  /// Nothing was crossed and nobody is slowed down or stopped, as long as what is used stays below `attention`.
  var isCalm: Bool { level == .ok && !isStopped && !isProjected }

  init(budget: Int, axis: Axis, ring: Int, now: Moment) {
    self.budget = budget
    self.axis = axis
    self.ring = ring
    windowStart = now.wall
    windowEnd = .distantFuture
    lastUse = now.steady
  }

  /// The level that this use means under this limit.
  static func level(used: Quantity, limit: Quantity?, warnAt: Ratio) -> Level {
    guard let limit else { return .ok }
    if used > limit { return .exceeded }
    if used >= limit { return .exhausted }
    return used >= warnAt.threshold(of: limit) ? .warned : .ok
  }

  /// The use at which the level next needs a look. An exceeded account stays under watch, to count the overshoot.
  /// So does one in the throttled zone, to keep its pace.
  static func attention(after level: Level, limit: Quantity?, budget: Budget) -> Quantity {
    guard let limit else { return .max }
    let paced = budget.throttleAt.map { $0.threshold(of: limit) } ?? .max
    switch level {
    case .ok: return min(paced, budget.warnAt.threshold(of: limit), limit)
    case .warned: return min(paced, limit)
    case .exhausted, .exceeded: return min(paced, limit.saturatingAdd(1))
    }
  }
}
