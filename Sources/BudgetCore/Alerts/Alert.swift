/// An account that its owner should look at.
package struct Alert: Sendable {
  package enum Level: String, CaseIterable, Sendable {
    /// Use reached the budget's warning threshold.
    case warning
    /// Use reached the limit.
    case critical
  }

  package let level: Level
  package let account: AccountStatus
  /// When the account stood so.
  package let time: Instant

  /// `nil` when nothing needs attention. An account that was never used gives no alert, whatever its limit.
  package init?(of account: AccountStatus, at time: Instant) {
    guard let limit = account.limit, account.used > 0 else { return nil }
    if account.used >= limit {
      level = .critical
    } else if account.used >= account.budget.warnAt.threshold(of: limit) {
      level = .warning
    } else {
      return nil
    }
    self.account = account
    self.time = time
  }

  /// `agent-daily: 85% of budget used (425,000 tokens)`
  package var text: String {
    let percent = ProgressBar.percent(of: account.used, in: account.limit ?? 0)
    let amount = GroupedDigits.text(account.used, account.budget.unit)
    return "\(account.budget.name): \(GroupedDigits.text(percent))% of budget used (\(amount))"
  }

  /// The alerts of these accounts, the most used share first; O(accounts log accounts).
  package static func alerts(of accounts: [AccountStatus], at time: Instant) -> [Alert] {
    accounts.compactMap { Alert(of: $0, at: time) }
      .sorted { left, right in
        if left.level != right.level { return left.level == .critical }
        return left.account.usedRatio > right.account.usedRatio
      }
  }
}
