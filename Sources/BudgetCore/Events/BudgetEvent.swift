/// Something an account's owner wants to hear of: told once for each crossing.
package struct BudgetEvent: Sendable {
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// Use reached the warning threshold.
    case warn = 0
    /// Nothing remains.
    case exhausted
    /// Use went past the limit.
    case exceeded
    /// Use is below the limit again: the window turned, a charge was replaced, the limit grew.
    case resume
    /// The grace past the limit is used up too: the account is stopped until it resumes.
    case stop
    /// Use will very likely reach the limit before the window ends.
    case forecast

    package var name: String {
      switch self {
      case .warn: "warn"
      case .exhausted: "exhausted"
      case .exceeded: "exceeded"
      case .resume: "resume"
      case .stop: "stop"
      case .forecast: "forecast"
      }
    }
  }

  package var kind: Kind
  package var budget: String
  package var unit: BudgetUnit
  package var tags: [Tag]
  package var used: Quantity
  package var limit: Quantity?
  package var at: Instant
  /// Set when it tells of a pool's allocation: `budget` is then the pool's name, `limit` what was granted.
  package var signal: PoolSignal?

  package var name: String { signal?.name ?? kind.name }
}

/// What the ledger counts for each budget, over all its accounts.
package struct BudgetTally: Sendable {
  /// Why use went past a limit.
  package enum OvershootCause: Int, CaseIterable, Sendable {
    /// Usage that nobody reserved.
    case unreserved = 0
    /// A call that used more than was reserved for it.
    case underestimated
    /// A call that was settled after its hold had expired.
    case late

    package var name: String {
      switch self {
      case .unreserved: "unreserved"
      case .underestimated: "underestimated"
      case .late: "late"
      }
    }
  }

  package internal(set) var decisions: InlineArray<4, Int64> = InlineArray(repeating: 0)
  package internal(set) var events: InlineArray<6, Int64> = InlineArray(repeating: 0)
  package internal(set) var overshoot: InlineArray<3, Quantity> = InlineArray(repeating: 0)

  package init() {}

  package subscript(verdict: Verdict) -> Int64 { decisions[Int(verdict.rawValue)] }
  package subscript(event event: BudgetEvent.Kind) -> Int64 { events[Int(event.rawValue)] }
  package subscript(cause cause: OvershootCause) -> Quantity { overshoot[cause.rawValue] }
}
