@testable import BudgetCore

/// A ledger with rules for activities.
func watching(
  _ rules: [RunawayRule] = [], budgets: [Budget] = [], _ adjust: (inout ActivitySettings) -> Void = { _ in }
) -> Ledger {
  makeLedger(budgets) {
    $0.activities.runaways = rules
    adjust(&$0.activities)
    $0.prices = PriceTable([ModelPrice(provider: "", model: "m", rates: TokenRates(input: 1_000_000, output: 0))])
  }
}

extension RunawayRule {
  static func task(_ cause: RunawayCause, _ limit: Int64, _ action: Action = .event) -> RunawayRule {
    RunawayRule(per: "task", limits: [cause: limit], action: action)
  }
}

extension Ledger {
  /// The runaways told since the last call, in words.
  mutating func runaways() -> [String] {
    takeEvents().compactMap { event in
      guard case .activity(.runaway(let runaway)) = event else { return nil }
      return "\(runaway.subject.value) \(runaway.count) \(runaway.cause.name) of \(runaway.limit)"
    }
  }

  /// Tokens of an activity; -1 when there is none that is open.
  func activityTokens(_ tag: String, _ value: String) -> Int64 {
    guard let tag = activities.tags.firstIndex(of: tag) else { return -1 }
    let index = existingActivity(tag: tag, value: value)
    return index >= 0 && activities[index].isOpen ? activities[index].tokens : -1
  }
}
