package import BudgetCore

/// For which budgets rules are written, and what they refer to.
package struct RuleSettings: Sendable {
  /// The budgets of a configuration; `nil` writes rules that fit any.
  package var budgets: [Budget]?
  /// Whether runaway rules are configured, or might be.
  package var watchesRunaways: Bool
  /// Labels that tell sidecars apart which share a budget: their use is added up and compared with one limit. None of
  /// them makes each sidecar's limit its own.
  package var sharedAcross = ["instance", "pod"]
  /// The page of the runbooks, without an anchor.
  package var runbooks = "https://tallygate.dev/runbooks"

  /// Rules that fit any configuration.
  package static let any = RuleSettings(budgets: nil, watchesRunaways: true)

  package init(budgets: [Budget]?, watchesRunaways: Bool) {
    self.budgets = budgets
    self.watchesRunaways = watchesRunaways
  }

  /// Label matchers that select the accounts of budgets with these periods, for example `budget=~"a|b"`; `nil` when
  /// there is no such budget.
  func selector(_ periods: [BudgetPeriod]) -> String? {
    guard let budgets else { return "window=~\"\(periods.flatMap(\.usualWindows).joined(separator: "|"))\"" }
    return selector(names: budgets.filter { BudgetPeriod($0.window).map(periods.contains) ?? false })
  }

  /// Matchers for accounts whose window does not end.
  var lifetimes: String? {
    guard let budgets else { return "window=\"lifetime\"" }
    return selector(names: budgets.filter { if case .lifetime = $0.window { true } else { false } })
  }

  /// Matchers for accounts whose window ends and is longer than two hours.
  var longWindows: String? {
    guard let budgets else { return "window!~\"hour|1h|lifetime\"" }
    return selector(
      names: budgets.filter {
        if case .lifetime = $0.window { return false }
        return BudgetPeriod($0.window) != .hour && ($0.window.length ?? .days(1)) > .hours(2)
      })
  }

  /// Matchers for accounts whose window ends.
  var endingWindows: String? {
    guard let budgets else { return "window!=\"lifetime\"" }
    return selector(names: budgets.filter { if case .lifetime = $0.window { false } else { true } })
  }

  /// Matchers for accounts of single tasks.
  var tasks: String? {
    guard let budgets else { return "task!=\"\"" }
    return selector(names: budgets.filter { $0.per.contains("task") })
  }

  var hasBudgets: Bool { budgets?.isEmpty != true }

  /// Budgets that have only the alerts that need no burn rate, each once.
  package var withoutBurnAlerts: [String] { names((budgets ?? []).filter { BudgetPeriod($0.window) == nil }) }

  private func selector(names budgets: [Budget]) -> String? {
    guard !budgets.isEmpty else { return nil }
    // Of the characters that names may have, only the dot means something in a regular expression.
    let pattern = names(budgets).map { name in name.map { $0 == "." ? "[.]" : String($0) }.joined() }
    return "budget=~\"\(pattern.joined(separator: "|"))\""
  }

  /// A budget with several limits stands in the list several times.
  private func names(_ budgets: [Budget]) -> [String] {
    var seen: Set<String> = []
    return budgets.map(\.name).filter { seen.insert($0).inserted }
  }
}
