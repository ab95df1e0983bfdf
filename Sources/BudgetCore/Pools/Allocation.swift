/// A part of a pool that one agent holds for one task.
package struct Allocation: Hashable, Sendable {
  /// What its agent was told of its use so far.
  package enum Level: UInt8, CaseIterable, Comparable, Sendable {
    case ok = 0
    case warned
    case stopped

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  package let id: AllocationID
  package let agent: String
  package let task: String
  package let priority: Priority
  package internal(set) var granted: Quantity
  package internal(set) var lookup: Quantity
  package internal(set) var used = AllocationUsage()
  package internal(set) var level = Level.ok
  /// On the wall clock.
  package let since: Instant
  /// On the steady clock; `nil` when it never ends by itself.
  package internal(set) var deadline: Instant?

  package var reasoning: Quantity { granted - lookup }
  package var remaining: Quantity { max(0, granted - used.total) }
  package var isStopped: Bool { level == .stopped }

  /// Whether use went past what was granted. An exact fit has not.
  package func isExceeded(in pool: Pool) -> Bool {
    used.total > granted || (pool.enforceSplit && (used.lookup > lookup || used.reasoning > reasoning))
  }

  /// The level that its use makes, whatever was told.
  func reachedLevel(in pool: Pool) -> Level {
    var level = Self.level(used.total, of: granted, warnAt: pool.warnAt)
    if pool.enforceSplit {
      level = max(level, Self.level(used.lookup, of: lookup, warnAt: pool.warnAt))
      level = max(level, Self.level(used.reasoning, of: reasoning, warnAt: pool.warnAt))
    }
    return level
  }

  private static func level(_ used: Quantity, of granted: Quantity, warnAt: Ratio) -> Level {
    // Without any use nothing was crossed, even where the share is 0.
    guard used > 0 else { return .ok }
    if used >= granted { return .stopped }
    return used >= warnAt.threshold(of: granted) ? .warned : .ok
  }
}

/// What became of an allocation that is over.
package struct AllocationRecord: Hashable, Sendable {
  package enum Ending: UInt8, CaseIterable, Sendable {
    case released = 0
    case expired

    package var name: String { self == .released ? "released" : "expired" }
  }

  package internal(set) var allocation: Allocation
  package let ending: Ending
  /// On the wall clock.
  package let endedAt: Instant
}
