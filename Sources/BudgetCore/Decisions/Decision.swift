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

/// An account as a reader sees it.
package struct AccountStatus: Sendable {
  /// Index in the table, valid only under the same lock; -1 for an account that does not exist yet.
  package var index: Int
  private let identity: AccountIdentity
  package var limit: Quantity? {
    get { hasLimit ? heldLimit.quantity : nil }
    set { (hasLimit, heldLimit) = (newValue != nil, PackedQuantity(newValue ?? 0)) }
  }
  package var used: Quantity {
    get { heldUsed.quantity }
    set { heldUsed = PackedQuantity(newValue) }
  }
  package var reserved: Quantity {
    get { heldReserved.quantity }
    set { heldReserved = PackedQuantity(newValue) }
  }
  package var usedTotal: Quantity {
    get { heldUsedTotal.quantity }
    set { heldUsedTotal = PackedQuantity(newValue) }
  }
  private var heldLimit: PackedQuantity
  private var heldUsed: PackedQuantity
  private var heldReserved: PackedQuantity
  private var heldUsedTotal: PackedQuantity
  private var hasLimit: Bool
  /// Nothing is granted until the account is below its limit again.
  package var isStopped = false
  package var windowStart: Instant
  /// When the window turns, where it does.
  package var resetsAt: Instant?
  /// Where it is going: in reads of budgets only.
  package var outlook: BudgetOutlook? {
    get { heldOutlook?.outlook }
    set { heldOutlook = newValue.map { HeldOutlook($0) } }
  }
  private var heldOutlook: HeldOutlook?

  init(
    index: Int, identity: AccountIdentity, limit: Quantity?, used: Quantity, reserved: Quantity, usedTotal: Quantity,
    isStopped: Bool = false, windowStart: Instant, resetsAt: Instant?
  ) {
    self.index = index
    self.identity = identity
    hasLimit = limit != nil
    heldLimit = PackedQuantity(limit ?? 0)
    heldUsed = PackedQuantity(used)
    heldReserved = PackedQuantity(reserved)
    heldUsedTotal = PackedQuantity(usedTotal)
    self.isStopped = isStopped
    self.windowStart = windowStart
    self.resetsAt = resetsAt
  }

  package var budget: Budget { identity.budget }
  /// The budget's `per` tags and their values.
  package var tags: [Tag] { identity.tags }

  /// What may still be granted; never below 0. `nil` without a limit.
  package var remaining: Quantity? { limit.map { max(0, $0 - used - reserved) } }

  /// Used share of the limit, not clamped; 0 without a limit, 1 for a limit of 0.
  package var usedRatio: Double {
    guard let limit else { return 0 }
    return limit == 0 ? 1 : used.approximation / limit.approximation
  }

  package var state: State { State(used: used, reserved: reserved, limit: limit, warnAt: budget.warnAt) }

  /// How an account stands against its limit.
  package enum State: String, CaseIterable, Sendable {
    case ok
    /// The used share reached the warning threshold.
    case warning
    /// Nothing remains.
    case exhausted
    /// More was used than the limit allows.
    case overspent

    package init(used: Quantity, reserved: Quantity, limit: Quantity?, warnAt: Ratio) {
      guard let limit else {
        self = .ok
        return
      }
      if used > limit {
        self = .overspent
      } else if used + reserved >= limit {
        self = .exhausted
      } else {
        self = used >= warnAt.threshold(of: limit) ? .warning : .ok
      }
    }
  }
}

extension AccountStatus {
  /// What may still be granted past the limit; `nil` where nothing ever is.
  package var graceRemaining: Quantity? {
    guard let grace = budget.stopGrace, let limit else { return nil }
    return isStopped || limit == 0 ? 0 : max(0, min(grace, limit + grace - used - reserved))
  }
}

/// A quantity with the alignment of its halves: arrays of what is aligned to 16 bytes come from an allocator of their own,
/// which takes twice as long.
private struct PackedQuantity: Sendable {
  private let low: UInt64
  private let high: Int64

  @inline(__always)
  init(_ quantity: Quantity) {
    low = UInt64(truncatingIfNeeded: quantity)
    high = Int64(truncatingIfNeeded: quantity >> 64)
  }

  var quantity: Quantity {
    @inline(__always) get { Quantity(high) << 64 | Quantity(low) }
  }
}

/// Apart, so that answers without an outlook stay small.
private final class HeldOutlook: Sendable {
  let outlook: BudgetOutlook

  init(_ outlook: BudgetOutlook) { self.outlook = outlook }
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
  package var accounts: [AccountStatus]
  /// Tightest first; not empty when denied.
  package var breaches: [Breach]
  /// Where the output of `granted` comes from.
  package var outputSource = OutputSource.given
  /// How long to wait before spending what was granted; not zero when throttled.
  package var delay = Interval.zero
  /// The stopped subject among the tags, which gets nothing whatever its accounts have left.
  package var stop: SubjectStop?
}
