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

  // What every use reads and changes stands in the first cache line, what decisions need beside it in the second. An
  // account is four lines long, so that each begins where one does.

  /// What counts against the limit in the current window.
  package internal(set) var used: Quantity = 0
  /// Everything ever used: does not reset with the window.
  package internal(set) var usedTotal: Quantity = 0
  /// When the account next needs a look because time passed, in nanoseconds on `axis`.
  private(set) var boundary: Int64 = .max
  /// On the steady clock.
  package internal(set) var lastUse: Instant
  /// `attention`, as far as it fits: from here on it is worth a look.
  private var glance: UInt64 = .max
  let axis: Axis
  package internal(set) var level = Level.ok
  /// Used up with its grace, and not below the limit since: nothing is granted.
  package internal(set) var isStopped = false
  /// Very likely to be exhausted before its window ends, and its budget acts on that.
  package internal(set) var isProjected = false
  /// It came to this window when the wall clock was set, not because the one before ended.
  var isWindowOfStep = false

  /// `used` at or above this needs a look at the level.
  var attention: Quantity = .max { didSet { glance = UInt64(clamping: attention) } }
  /// Held by open reservations.
  package internal(set) var reserved: Quantity = 0
  /// The effective limit: the budget's or an override, with what was rolled over and topped up.
  package internal(set) var limit: Quantity?
  /// How many accounts stood at this place before: who remembers an account by its place compares it.
  var serial: UInt32 = 0
  /// Index of the budget in the settings.
  package let budget: Int
  /// When the window turns: `distantFuture` when it does not by itself.
  package internal(set) var windowEnd: Instant
  package internal(set) var windowStart: Instant

  /// The largest `usedTotal` that was shown, so that a refund never makes a counter go back.
  var shownTotal: Quantity = 0
  /// What of the limit comes from the window before.
  package internal(set) var rolledOver: Quantity = 0
  /// When the window (or its current bucket) ends.
  var turnsAt: Int64 = .max { didSet { boundary = min(turnsAt, termsEnd) } }
  /// When the first of the terms that make the limit ends.
  var termsEnd: Int64 = .max { didSet { boundary = min(turnsAt, termsEnd) } }
  /// The current bucket of a rolling window: its number since the epoch.
  var bucket: Int64 = 0
  /// What `usedTotal` was when `AccountTable.settleBucket` last put what was used into the current bucket. Use itself
  /// touches no bucket.
  var settledTotal: Quantity = 0
  /// Until when, in nanoseconds on the steady clock, what was granted in the throttled zone takes up the sustainable
  /// pace. Not stored: it is at most a minute ahead.
  var pacedUntil: Int64 = .min
  private let ringStart: Int32
  private let padding = InlineArray<2, UInt64>(repeating: 0)

  /// Where this account's 61 buckets start in the table's ring storage; -1 without.
  var ring: Int { Int(ringStart) }

  /// What of its use is in no bucket yet: it belongs to the current one.
  var unsettled: Quantity { usedTotal - settledTotal }

  /// The place of the current bucket in the ring.
  var bucketPlace: Int { RollingBuckets.place(bucket) }

  /// Nothing was crossed and nobody is slowed down or stopped, as long as what is used stays below `attention`.
  var isCalm: Bool { level == .ok && !isStopped && !isProjected }

  /// Whether time has passed its boundary: it must turn before anything is added.
  @inline(__always)
  func isDue(_ now: Moment) -> Bool {
    (axis == .steady ? now.steady.nanoseconds : now.wall.nanoseconds) >= boundary
  }

  /// Adds what was used.
  /// - Returns: whether use may have come to `attention`.
  @inline(__always)
  mutating func use(_ amount: Quantity, at now: Moment) -> Bool {
    used &+= amount
    usedTotal &+= amount
    lastUse = now.steady
    // The upper half of what is used is hardly ever anything but 0.
    return UInt64(truncatingIfNeeded: used >> 64) != 0 || UInt64(truncatingIfNeeded: used) >= glance
  }

  init(budget: Int, axis: Axis, ring: Int, now: Moment) {
    self.budget = budget
    self.axis = axis
    ringStart = Int32(ring)
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
