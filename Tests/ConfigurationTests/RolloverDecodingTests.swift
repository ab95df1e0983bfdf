import BudgetCore
import Testing

@testable import Configuration

@Suite("Rollover in a configuration")
struct RolloverDecodingTests {
  private func text(_ members: String) -> String {
    "budgets:\n  - name: a\n    limit: { tokens: 5 }\n" + members.split(separator: ";").map { "    \($0)\n" }.joined()
  }

  @Test(
    "A26: a fixed or calendar window rolls over up to a share of the limit",
    arguments: [
      ("window: {calendar: day};rollover: {max: 0.5}", 500_000), ("window: {fixed: 1h};rollover: {max: 1}", 1_000_000),
      ("rollover: {max: 0};window: {calendar: month}", 0),
    ] as [(String, Int64)])
  func share(members: String, millionths: Int64) throws {
    #expect(try parse(text(members)).ledger.budgets.map(\.rollover) == [Ratio(millionths: millionths)])
  }

  @Test("A26: it holds for every unit of the budget, and without it nothing rolls over")
  func units() throws {
    let both = "budgets: [{name: a, limit: {tokens: 5, requests: 5}, window: {fixed: 1h}, rollover: {max: 0.25}}]"
    #expect(try parse(both).ledger.budgets.map(\.rollover) == [Ratio](repeating: Ratio(millionths: 250_000), count: 2))
    #expect(try parse(text("window: {fixed: 1h}")).ledger.budgets[0].rollover == nil)
  }

  @Test(
    "a mistake names its line, its key and what would be right",
    arguments: [
      ("window: {rolling: 1h};rollover: {max: 0.5}", "rollover", "only a fixed or calendar window", "calendar: day"),
      (
        "window: {lifetime: {idle_expiry: 1h}};rollover: {max: 0.5}", "rollover", "only a fixed or calendar window",
        "calendar: day"
      ),
      ("window: {fixed: 1h};rollover: {}", "rollover", "has no max", "{ max: 0.5 }"),
      ("window: {fixed: 1h};rollover: {max: 1.5}", "rollover.max", "a number from 0 to 1", "0.8"),
      ("window: {fixed: 1h};rollover: {max: -0.5}", "rollover.max", "a number from 0 to 1", "0.8"),
      ("window: {fixed: 1h};rollover: {max: half}", "rollover.max", "a number from 0 to 1", "0.8"),
    ])
  func mistakes(members: String, key: String, problem: String, remedy: String) throws {
    let found = errors(in: text(members))
    #expect(found.count == 1, "\(found)")
    let error = try #require(found.first)
    #expect(error.line == 5 && error.key == "budgets[0].\(key)", "\(error)")
    #expect(error.problem.contains(problem), "\(error.problem)")
    #expect(error.remedy.contains(remedy), "\(error.remedy)")
  }

  @Test(
    "a rollover that is no section or has other keys is refused", arguments: ["0.5", "true", "[0.5]", "{min: 0.5}"])
  func strangers(value: String) {
    let found = errors(in: text("window: {fixed: 1h};rollover: \(value)"))
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.key.hasPrefix("budgets[0].rollover") }, "\(found)")
  }
}
