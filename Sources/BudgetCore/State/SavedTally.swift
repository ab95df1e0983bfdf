/// What was counted for one budget, over all its accounts, as it is stored.
package struct SavedTally: Hashable, Sendable {
  package var budget: String
  package var unit: BudgetUnit
  /// One for each `Verdict`.
  package var decisions: [Int64]
  /// One for each `BudgetEvent.Kind`.
  package var events: [Int64]
  /// One for each `BudgetTally.OvershootCause`.
  package var overshoot: [Quantity]

  package init(budget: String, unit: BudgetUnit, decisions: [Int64], events: [Int64], overshoot: [Quantity]) {
    self.budget = budget
    self.unit = unit
    self.decisions = decisions
    self.events = events
    self.overshoot = overshoot
  }
}
