/// What a caller is told.
package enum Verdict: UInt8, CaseIterable, Comparable, Sendable {
  case allow = 0
  case warn, throttle, deny

  package static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }

  package var name: String {
    switch self {
    case .allow: "allow"
    case .warn: "warn"
    case .throttle: "throttle"
    case .deny: "deny"
    }
  }
}

/// An account that cannot grant what was asked.
package struct Breach: Sendable {
  package var account: AccountStatus
  package var requested: Quantity
  /// After this long the same request succeeds, if nothing else happens. `nil`: waiting does not help.
  package var retryAfter: Interval?
}

/// The answer to a check.
package struct Decision: Sendable {
  package var verdict: Verdict
  /// What may be spent: less output than asked in a partial grant.
  package var granted: Spend
  /// The cost of `granted`, in picodollars, and whether a fallback price was used for it.
  package var cost: Quantity
  package var costIsEstimated: Bool
  /// Every matching account as it stands, holds of this request included when it was reserved.
  package var accounts: AccountStatuses
  /// Tightest first; not empty when denied.
  package var breaches: [Breach]
  /// Where the output of `granted` comes from.
  package var outputSource = OutputSource.given
  /// How long to wait before spending what was granted; not zero when throttled.
  package var delay = Interval.zero
  /// The stopped subject among the tags, which gets nothing whatever its accounts have left.
  package var stop: SubjectStop? { heldStop?.value }
  let heldStop: Apart<SubjectStop>?
}
