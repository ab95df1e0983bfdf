/// An account as a reader sees it.
package struct AccountStatus: Sendable {
  private let figures: AccountFigures
  private let identity: AccountIdentity
  /// Where it is going: in reads of budgets only.
  package var outlook: BudgetOutlook? {
    get { heldOutlook?.value }
    set { heldOutlook = newValue.map { Apart($0) } }
  }
  private var heldOutlook: Apart<BudgetOutlook>?

  init(_ figures: AccountFigures, of identity: AccountIdentity) {
    self.figures = figures
    self.identity = identity
  }

  /// Index in the table, valid only under the same lock; negative for an account that does not exist yet.
  package var index: Int { Int(figures.index) }
  package var limit: Quantity? { figures.hasLimit ? figures.limit.quantity : nil }
  package var used: Quantity { figures.used.quantity }
  package var reserved: Quantity { figures.reserved.quantity }
  package var usedTotal: Quantity { figures.usedTotal.quantity }
  /// Nothing is granted until the account is below its limit again.
  package var isStopped: Bool { figures.isStopped }
  package var windowStart: Instant { figures.windowStart }
  /// When the window turns, where it does.
  package var resetsAt: Instant? { figures.windowEnd == .distantFuture ? nil : figures.windowEnd }

  package var budget: Budget { identity.budget }
  // Parts of it, for those who would copy the whole for one of them.
  package var budgetName: String { identity.budget.name }
  package var unit: BudgetUnit { identity.budget.unit }
  package var configuredLimit: Quantity? { identity.budget.limit }
  /// The name of the budget's window.
  package var window: String { identity.window }
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
