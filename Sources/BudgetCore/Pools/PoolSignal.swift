/// What is told of an allocation, once for each crossing.
package enum PoolSignal: UInt8, CaseIterable, Sendable {
  /// Use reached the pool's `warn_at`.
  case warn = 0
  /// Everything that was granted is used.
  case stop
  /// There is room again: the window turned, or the allocation was topped up.
  case resume

  package var name: String {
    switch self {
    case .warn: "warn"
    case .stop: "stop"
    case .resume: "resume"
    }
  }

  /// The kind that says the same of a budget's account.
  var kind: BudgetEvent.Kind {
    switch self {
    case .warn: .warn
    case .stop: .exhausted
    case .resume: .resume
    }
  }
}

/// What a pool counts for ever.
package struct PoolTally: Hashable, Sendable {
  package enum Event: Int, CaseIterable, Sendable {
    case warn = 0
    case stop
    case resume
    case granted
    case released
    case expired
    /// Use that was counted and refused, because it went past what was granted.
    case exceeded
    case toppedUp
    case turned

    package var name: String {
      switch self {
      case .warn: "warn"
      case .stop: "stop"
      case .resume: "resume"
      case .granted: "granted"
      case .released: "released"
      case .expired: "expired"
      case .exceeded: "exceeded"
      case .toppedUp: "topped_up"
      case .turned: "turned"
      }
    }
  }

  package internal(set) var events = [Int64](repeating: 0, count: Event.allCases.count)
  /// One for each `Priority`.
  package internal(set) var denied = [Int64](repeating: 0, count: Priority.allCases.count)
  /// Everything that was ever used, of open and ended allocations.
  package internal(set) var used = AllocationUsage()

  package subscript(event: Event) -> Int64 { events[event.rawValue] }
  package subscript(denied priority: Priority) -> Int64 { denied[Int(priority.rawValue)] }

  mutating func count(_ event: Event) { events[event.rawValue] &+= 1 }
  mutating func countDenied(_ priority: Priority) { denied[Int(priority.rawValue)] &+= 1 }
}
