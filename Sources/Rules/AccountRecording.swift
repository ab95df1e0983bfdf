/// The series that the alerts on accounts are computed from: one account each, over all sidecars that share it.
enum AccountSeries {
  static let limit = "account:tallygate_budget_limit:max"
  static let used = "account:tallygate_budget_used:sum"
  static let usedRatio = "account:tallygate_budget_used:ratio"
  static let windowSeconds = "account:tallygate_budget_window_seconds:max"

  /// 1 lands exactly on the limit when the window ends.
  static func burnRate(_ lookback: Lookback) -> String {
    "account:tallygate_budget_burn_rate:ratio_rate\(lookback.rawValue)"
  }
}

extension RuleSettings {
  /// Sums over the sidecars that share an account.
  func sum(_ series: String) -> String { aggregate("sum", series) }
  func max(_ series: String) -> String { aggregate("max", series) }
  func min(_ series: String) -> String { aggregate("min", series) }

  private func aggregate(_ operation: String, _ series: String) -> String {
    "\(operation) without (\(sharedAcross.joined(separator: ", "))) (\(series))"
  }

  /// Use is a sum and a limit a maximum over sidecars that share an account; rates come from the counter that does not
  /// start anew with the window.
  func accountRecording() -> RuleGroup? {
    guard hasBudgets else { return nil }
    var rules: [Rule] = [
      // A limit of 0 denies everything: nothing to burn, and no number to divide by.
      .record(AccountSeries.limit, max("tallygate_budget_limit > 0")),
      .record(AccountSeries.used, sum("tallygate_budget_used")),
      .record(AccountSeries.usedRatio, "\(AccountSeries.used) / \(AccountSeries.limit)"),
      .record(AccountSeries.windowSeconds, max("tallygate_budget_window_seconds")),
    ]
    for lookback in Lookback.allCases {
      guard let accounts = selector(BudgetPeriod.allCases.filter { $0.lookbacks.contains(lookback) }) else { continue }
      let rate = sum("rate(tallygate_budget_used_total{\(accounts)}[\(lookback.rawValue)])")
      rules.append(
        .record(
          AccountSeries.burnRate(lookback), "\(rate)\n  * \(AccountSeries.windowSeconds) / \(AccountSeries.limit)"))
    }
    return RuleGroup(name: "tallygate-accounts", rules: rules)
  }
}
