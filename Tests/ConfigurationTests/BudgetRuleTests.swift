import BudgetCore
import Testing

@testable import Configuration

@Suite("Parents, throttling and stops in a configuration")
struct BudgetRuleTests {
  @Test("C28: a budget names its parent; match: none counts nothing but what is below")
  func parents() throws {
    let budgets = try parse(
      """
      budgets:
        - { name: compute, match: none, limit: { cost_usd: 500, tokens: 1M }, window: { calendar: month } }
        - { name: training, parent: compute, per: [agent], match: { agent: "train-*" }, limit: { cost_usd: 100 }, window: { calendar: day } }
      """
    ).ledger.budgets
    #expect(budgets.map(\.parent) == [nil, nil, "compute"])
    #expect(budgets.map(\.countsOwn) == [false, false, true])
    #expect(budgets[0].match.isEmpty)
  }

  @Test(
    "C12: what may be used past a limit, in the limit's unit",
    arguments: [
      ("stop", 0, nil), ("{ stop: }", 0, nil), ("{ stop: {} }", 0, nil), ("{ stop: { grace: 2_000 } }", 2000, nil),
      ("{ stop: { grace: { tokens: 2k } } }", 2000, nil),
    ] as [(String, Quantity, Quantity?)])
  func stops(text: String, tokens: Quantity, cost: Quantity?) throws {
    let budget = "{ name: b, limit: { tokens: 50_000 }, window: { lifetime: {} }, on_exceed: \(text) }"
    #expect(try parse("budgets: [\(budget)]").ledger.budgets.map(\.stopGrace) == [tokens])
  }

  @Test("each limit of several has its own grace")
  func graces() throws {
    let budget =
      "{ name: b, limit: { tokens: 50_000, cost_usd: 5, requests: 9 }, window: { fixed: 1h },"
      + " on_exceed: { stop: { grace: { tokens: 2000, cost_usd: 0.10 } } } }"
    let budgets = try parse("budgets: [\(budget)]").ledger.budgets
    let graces = Dictionary(uniqueKeysWithValues: budgets.map { ($0.unit, $0.stopGrace) })
    #expect(graces == [.tokens: 2000, .cost: Money.picodollarsPerDollar / 10, .requests: 0])
  }

  @Test("throttle_at is inherited from the defaults, and a lifetime is simply not throttled then")
  func throttle() throws {
    let budgets = try parse(
      """
      defaults: { throttle_at: 0.9 }
      budgets:
        - { name: a, limit: { tokens: 1 }, window: { fixed: 1h } }
        - { name: b, limit: { tokens: 1 }, window: { fixed: 1h }, throttle_at: 0.5 }
        - { name: c, limit: { tokens: 1 }, window: { lifetime: {} } }
      """
    ).ledger.budgets
    #expect(budgets.map { $0.throttleAt?.millionths } == [900_000, 500_000, 900_000])
  }

  @Test(
    "a mistake names its key and what would be right",
    arguments: [
      ("parent: nobody", "parent", "no budget is named \"nobody\"", "Name one of"),
      ("parent: tip", "parent", "no budget is named \"tip\"", "Did you mean top?"),
      ("parent: b", "parent", "above itself", "out of the circle"),
      ("parent: calls", "parent", "no limit in a unit of this one", "a limit of tokens"),
      ("parent: users", "parent", "an account for each user", "Add user to this budget's per"),
      ("match: none", "match", "counts nothing", "parent: b"),
      ("throttle_at: 1.2", "throttle_at", "from 0 to 1", "0.8"),
      ("throttle_at: 0.9, mode: warn", "throttle_at", "no effect in mode warn", "mode: enforce"),
      ("on_exceed: stop, mode: shadow", "on_exceed", "no effect in mode shadow", "mode: enforce"),
      ("on_exceed: halt", "on_exceed", "must be a mapping", "stop"),
      ("on_exceed: { grace: 5 }", "on_exceed.grace", "unknown key", "stop"),
      ("on_exceed: {}", "on_exceed", "says nothing to do", "grace: 2_000"),
      ("on_exceed: { stop: { grace: -1 } }", "on_exceed.stop.grace", "a whole number from 0", "500_000"),
      ("on_exceed: { stop: { grace: { cost_usd: 1 } } }", "on_exceed.stop.grace.cost_usd", "unknown key", "tokens"),
    ])
  func mistakes(member: String, key: String, problem: String, remedy: String) throws {
    let found = errors(
      in: """
        budgets:
          - { name: top, limit: { tokens: 9 }, window: { fixed: 1h } }
          - { name: calls, limit: { requests: 9 }, window: { fixed: 1h } }
          - { name: users, per: [user], limit: { tokens: 9 }, window: { fixed: 1h } }
          - { name: b, limit: { tokens: 5 }, window: { fixed: 1h }, \(member) }
        """)
    let error = try #require(found.first { $0.key == "budgets[3].\(key)" }, "\(found)")
    #expect(error.line == 5)
    #expect(error.problem.contains(problem), "\(error.problem)")
    #expect(error.remedy.contains(remedy), "\(error.remedy)")
  }

  @Test("a lifetime cannot be throttled, and a grace of several limits must say which")
  func combinations() {
    let lifetime = errors(in: "budgets: [{name: b, limit: {tokens: 5}, window: {lifetime: {}}, throttle_at: 0.9}]")
    #expect(lifetime.map(\.problem) == ["a lifetime has no end to spread the rest over"])
    let grace = errors(
      in: "budgets: [{name: b, limit: {tokens: 5, requests: 2}, window: {fixed: 1h}, on_exceed: {stop: {grace: 1}}}]")
    #expect(grace.map(\.problem) == ["must say the grace of which limit"])
    let circle = errors(
      in: """
        budgets:
          - { name: a, parent: b, limit: { tokens: 1 }, window: { fixed: 1h } }
          - { name: b, parent: a, limit: { tokens: 1 }, window: { fixed: 1h } }
        """)
    #expect(circle.map(\.problem) == ["the budget is above itself", "the budget is above itself"])
  }
}
