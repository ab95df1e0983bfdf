import Testing

@testable import BudgetCore

@Suite("Parent budgets")
struct ParentBudgetTests {
  /// Two teams under one compute budget, which counts nothing but what they do.
  private static func teams(parentLimit: Quantity = 1000) -> Ledger {
    makeLedger([
      .test("compute", limit: parentLimit, countsOwn: false),
      .test(
        "training", limit: 800, per: ["agent"], match: [TagPattern(key: "agent", glob: "train-*")], parent: "compute"),
      .test("evaluation", limit: 800, match: [TagPattern(key: "agent", glob: "eval-*")], parent: "compute"),
    ])
  }

  @Test("C28: what a budget counts and holds, its parent counts and holds too, once")
  func charged() {
    var ledger = Self.teams()
    ledger.use(300, tags(["agent": "train-1"]), at: after(0))
    ledger.line(.tokens, 200, "agent:eval-1", at: after(0))
    _ = ledger.hold(tokens(50), tags(["agent": "train-2"]), at: after(0))
    ledger.use(70, tags(["agent": "chat"]), at: after(0))
    #expect(ledger.readings("compute", at: after(0)) == [Reading(used: 500, reserved: 50)])
    #expect(ledger.readings("training", at: after(0)) == [Reading(used: 300), Reading(used: 0, reserved: 50)])
    #expect(ledger.readings("evaluation", at: after(0)) == [Reading(used: 200)])
    #expect(ledger.checkInvariants() == [])
  }

  @Test("C28: the parent denies what the children together would take past it")
  func denies() {
    var ledger = Self.teams()
    ledger.use(600, tags(["agent": "train-1"]), at: after(0))
    let decision = ledger.ask(tokens(401), tags(["agent": "eval-1"]), at: after(0))
    #expect(decision.verdict == .deny)
    #expect(decision.breaches.map(\.account.budget.name) == ["compute"])
    #expect(ledger.ask(tokens(400), tags(["agent": "eval-1"]), at: after(0)).verdict != .deny)
    #expect(ledger.ask(tokens(401), tags(["agent": "chat"]), at: after(0)).verdict == .allow)
  }

  @Test("a check, which makes no account, and a reservation, which does, find the same accounts")
  func checkAndReserve() {
    var ledger = Self.teams()
    let asked = ledger.ask(tokens(1), tags(["agent": "train-9"]), at: after(0))
    #expect(asked.accounts.map(\.budget.name) == ["compute", "training"])
    #expect(ledger.accountCount == 0)
    guard
      case .granted(_, let held, _) = ledger.reserve(
        SpendRequest(tags: tags(["agent": "train-9"]), spend: tokens(1)), ttl: nil, secret: 1, now: after(0))
    else { return #expect(Bool(false)) }
    #expect(held.accounts.map(\.budget.name) == ["compute", "training"])
  }

  @Test("three levels, and a parent with conditions of its own counts both, each call once")
  func levels() {
    var ledger = makeLedger([
      .test("org", limit: 10_000, countsOwn: false),
      .test("team", limit: 5000, per: ["team"], parent: "org"),
      .test("agent", limit: 1000, per: ["team", "agent"], parent: "team"),
    ])
    ledger.use(10, tags(["team": "red", "agent": "a"]), at: after(0))
    ledger.use(20, tags(["team": "red"]), at: after(0))
    ledger.use(40, tags(["agent": "a"]), at: after(0))
    #expect(ledger.used("org", at: after(0)) == 30)
    #expect(ledger.used("team", at: after(0)) == 30)
    #expect(ledger.used("agent", at: after(0)) == 10)
  }

  @Test("costs and requests go up to the parent too")
  func units() {
    var ledger = makeLedger([
      .test("all", limit: dollars(1000), unit: .cost, countsOwn: false),
      .test("bots", limit: dollars(100), unit: .cost, match: [TagPattern(key: "agent", glob: "bot")], parent: "all"),
      .test("calls", limit: 10, unit: .requests, countsOwn: false),
      .test("bot-calls", limit: 10, unit: .requests, match: [TagPattern(key: "agent", glob: "bot")], parent: "calls"),
    ])
    _ = ledger.record(Spend(cost: dollars(5), requests: 2), tags: tags(["agent": "bot"]), now: after(0))
    _ = ledger.record(Spend(cost: dollars(7), requests: 3), tags: tags(["agent": "man"]), now: after(0))
    #expect(ledger.used("all", at: after(0)) == dollars(5))
    #expect(ledger.used("calls", at: after(0)) == 2)
  }
}
