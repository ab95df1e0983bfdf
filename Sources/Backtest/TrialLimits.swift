import BudgetCore

/// The limits of a trial: for each day the mean of what each subject wanted on the seven days before.
struct TrialLimits {
  /// Tokens that each subject wants on each day from the first one on.
  private var wanted: [[Quantity]]

  init(_ trace: Trace, from begin: Int64, to end: Int64) {
    let days = Int((end - begin) / 86_400) + 2
    wanted = [[Quantity]](repeating: [Quantity](repeating: 0, count: days), count: trace.tags.count)
    for row in trace.rows {
      wanted[row.subject][Int((row.time - begin) / 86_400)] += Quantity(row.inputTokens) + Quantity(row.outputTokens)
    }
  }

  func set(_ ledger: inout Ledger, _ trace: Trace, day: Int, now: Moment) {
    guard day > 0 else { return }
    for (tags, wanted) in zip(trace.tags, wanted) {
      let week = wanted[max(0, day - 7)..<day]
      let mean = week.reduce(0, +) / Quantity(week.count)
      for budget in ledger.settings.budgets where budget.unit == .tokens {
        let own = tags.tags.filter { budget.per.contains($0.key) }
        _ = ledger.override(budget: budget.name, unit: .tokens, tags: own, limit: max(1, mean), until: nil, now: now)
      }
    }
  }
}
