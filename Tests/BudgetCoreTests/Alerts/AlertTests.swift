import Testing

@testable import BudgetCore

@Suite struct AlertTests {
  private func account(_ name: String, used: Quantity, limit: Quantity?, unit: BudgetUnit = .tokens) -> AccountStatus {
    let rule = SharedBudget(
      Budget(name: name, unit: unit, limit: limit, window: .lifetime(idleExpiry: nil)))
    return AccountStatus(
      AccountFigures(
        index: -1, limit: limit, used: used, reserved: 0, usedTotal: used, windowStart: Instant(seconds: 0),
        windowEnd: .distantFuture),
      of: AccountIdentity(rule: rule, values: []))
  }

  @Test(
    "D9-11: a warning at the threshold, critical at the limit",
    arguments: [
      (0, 100, nil), (79, 100, nil), (80, 100, .warning), (99, 100, .warning), (100, 100, .critical),
      (300, 100, .critical), (0, 0, nil), (1, 0, .critical), (5, nil, nil),
    ] as [(Int, Int?, Alert.Level?)])
  func level(used: Int, limit: Int?, level: Alert.Level?) {
    let account = account("b", used: Quantity(used), limit: limit.map { Quantity($0) })
    #expect(Alert(of: account, at: Instant(seconds: 1))?.level == level)
  }

  @Test(
    "B17: the text says how much of the budget is used",
    arguments: [
      (425_000, 500_000, BudgetUnit.tokens, "b: 85% of budget used (425,000 tokens)"),
      (1_500_000, 1_000_000, .tokens, "b: 150% of budget used (1,500,000 tokens)"),
      (20_000_000_000_000, 25_000_000_000_000, .cost, "b: 80% of budget used (20 USD)"),
      (999_999, 1_000_000, .requests, "b: 99% of budget used (999,999 requests)"),
    ] as [(Int, Int, BudgetUnit, String)])
  func text(used: Int, limit: Int, unit: BudgetUnit, text: String) {
    let account = account("b", used: Quantity(used), limit: Quantity(limit), unit: unit)
    #expect(Alert(of: account, at: Instant(seconds: 1))?.text == text)
  }

  @Test("B17: the most used account comes first")
  func order() {
    let accounts = [("low", 10), ("warned", 85), ("over", 200), ("full", 100), ("nearly", 95)].map {
      account($0.0, used: Quantity($0.1), limit: 100)
    }
    let names = Alert.alerts(of: accounts, at: Instant(seconds: 1)).map(\.account.budget.name)
    #expect(names == ["over", "full", "nearly", "warned"])
  }
}
