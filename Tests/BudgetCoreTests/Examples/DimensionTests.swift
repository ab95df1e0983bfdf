import Testing

@testable import BudgetCore

/// Whose tokens they were, what they were for, and which of several limits counts.
@Suite("Example: dimensions of usage")
struct DimensionTests {
  @Test("A1, A9: every agent has the limit and the warning of one rule, each its own")
  func perAgent() {
    var ledger = makeLedger([.test(limit: 1_000, per: ["agent"], match: [TagPattern(key: "agent", glob: "*")])])
    ledger.use(800, tags(["agent": "a"]), at: after(0))
    ledger.use(799, tags(["agent": "b"]), at: after(0))
    ledger.use(9_999, tags(["user": "nobody's agent"]), at: after(0))
    let states = ledger.accountStatuses(now: after(1)).map(\.state)
    let told = ledger.takeEvents().compactMap(\.budgetEvent).map { "\($0.name) \($0.tags[0].value) \($0.used)" }
    #expect(states == [.warning, .ok] && told == ["warn a 800"])
  }

  @Test("B4, B5, B6: totals of an agent and of a task accumulate over calls, models and days, with their cost")
  func agentsAndTasks() {
    var ledger = makeLedger {
      $0.prices = .builtIn
      $0.scopes = ["agent", "task"]
    }
    func call(_ agent: String, _ task: String, _ model: String, _ second: Int64) {
      let spend = Spend(
        tokens: [TokenAmount(kind: .input, count: 1_000), TokenAmount(kind: .output, count: 100)], requests: 1)
      _ = ledger.record(spend, tags: tags(["agent": agent, "task": task, "model": model]), now: after(second))
    }
    // With gpt-4o 1,000 x 2.50 + 100 x 10 USD a million = 0.0035 USD; with gpt-4o-mini 0.00021 USD.
    call("planner", "draft", "gpt-4o", 0)
    call("planner", "review", "gpt-4o-mini", 60)
    call("coder", "draft", "gpt-4o-mini", 120)
    let agents = ledger.usage(by: "agent", in: .day, top: 9, now: after(180)) ?? []
    let tasks = ledger.usage(by: "task", in: .day, top: 9, now: after(180)) ?? []
    #expect(agents.map(\.value) == ["planner", "coder"] && agents.map(\.tokens) == [2_200, 1_100])
    #expect(agents.map(\.cost) == [3_710_000_000, 210_000_000] && agents.map(\.requests) == [2, 1])
    #expect(tasks.map(\.value) == ["draft", "review"] && tasks.map(\.tokens) == [2_200, 1_100])
    #expect(tasks.map(\.cost) == [3_710_000_000, 210_000_000])
  }

  @Test("B8, B9, B10, B11: an agent's limit and the day's and week's for all, each reserved on the estimate")
  func periods() {
    let sunday = Instant(seconds: 1_749_988_800)  // 2025-06-15 12:00 UTC, a Sunday: its week ends with it.
    var ledger = makeLedger([
      .test("agent", limit: 500, per: ["agent"], window: .calendar(CalendarRule(period: .day))),
      .test("day", limit: 800, window: .calendar(CalendarRule(period: .day))),
      .test("week", limit: 1_000, window: .calendar(CalendarRule(period: .week))),
    ])
    func ask(_ agent: String, _ count: Int64, _ now: Instant) -> [String] {
      ledger.ask(tokens(count), tags(["agent": agent]), at: Moment(now)).breaches.map(\.account.budget.name)
    }
    let estimate = ledger.hold(tokens(400), tags(["agent": "a"]), ttl: .hours(23), at: Moment(sunday))
    #expect(estimate != nil)
    // 400 held: 100 are left to the agent, 400 of the day, 600 of the week.
    let own = ask("a", 101, sunday)
    let day = ask("b", 401, sunday)
    let all = ask("a", 601, sunday)
    #expect(own == ["agent"] && day == ["day"] && Set(all) == ["agent", "day", "week"])
    // Used for good, it leaves with its day and its week: here with both, at midnight.
    if let estimate { _ = ledger.settle(estimate, actual: tokens(450), now: Moment(sunday)) }
    let midnight = Instant(seconds: 1_750_032_000)
    let before = ask("b", 351, midnight - .seconds(1))
    let after = ask("b", 500, midnight)
    #expect(before == ["day"] && after == [])
  }

  @Test("B16: each kind of token at its own price, an unknown model at the fallback and marked")
  func prices() {
    var ledger = makeLedger([.test("cost", limit: nil, unit: .cost)]) { $0.prices = .builtIn }
    let spend = Spend(tokens: [
      TokenAmount(kind: .input, count: 1_000), TokenAmount(kind: .cacheRead, count: 10_000),
      TokenAmount(kind: .cacheWrite, count: 100), TokenAmount(kind: .output, count: 500),
    ])
    // Sonnet: 3, 0.30, 3.75 and 15 USD a million: 0.003 + 0.003 + 0.000375 + 0.0075.
    let known = ledger.ask(spend, tags(["model": "claude-sonnet-4-5"]), at: after(0))
    #expect(Money(picodollars: known.cost).decimalString == "0.013875" && !known.costIsEstimated)
    // 5 and 15 USD a million: 11,100 tokens of prompt and 500 of output.
    let unknown = ledger.ask(spend, tags(["model": "home-grown"]), at: after(0))
    #expect(Money(picodollars: unknown.cost).decimalString == "0.063" && unknown.costIsEstimated)
  }

  @Test("C6, C7: kinds of tokens are open: history and tools have series and budgets of their own")
  func openKinds() {
    var ledger = makeLedger([
      .test("history", limit: 5_000, match: [TagPattern(key: "token_type", glob: "history")]),
      .test("tools", limit: 1_000, match: [TagPattern(key: "token_type", glob: "tool*")]),
      .test("all", limit: nil),
    ])
    ledger.line(.tokens, 4_000, "agent:a,kind:history", at: after(0))
    ledger.line(.tokens, 300, "agent:a,kind:tool", at: after(1))
    ledger.line(.tokens, 200, "agent:a,kind:tool_output", at: after(2))
    ledger.line(.tokens, 100, "agent:a,kind:output", at: after(3))
    let used = ["history", "tools", "all"].map { ledger.used($0, at: after(4)) }
    #expect(used == [4_000, 500, 4_600])
    // A request knows both kinds: the history still fits, the tools do not.
    let spend = Spend(tokens: [
      TokenAmount(kind: .other("history"), count: 1_000), TokenAmount(kind: .other("tool"), count: 501),
    ])
    let breaches = ledger.ask(spend, tags(["agent": "a"]), at: after(5)).breaches.map(\.account.budget.name)
    #expect(breaches == ["tools"])
    let series = ledger.seriesByLabels(at: after(6)).mapValues(\.tokens)
    #expect(series["agent=\"a\",token_type=\"history\""] == 4_000)
  }

  @Test("C13: a call is estimated before it is made, in tokens and cost, without a trace")
  func estimate() {
    let ledger = makeLedger([.test("cost", limit: dollars(1), unit: .cost)]) {
      $0.prices = .builtIn
      $0.estimates.defaultOutput = 400
    }
    var request = SpendRequest(tags: tags(["model": "gpt-4o"]), spend: tokens(4_000))
    request.estimatesOutput = true
    let estimate = ledger.estimate(request)
    // 4,000 x 2.50 + 400 x 10 USD a million.
    #expect(Money(picodollars: estimate.cost).decimalString == "0.014" && estimate.outputSource == .default)
    #expect(estimate.spend.tokenCount == 4_400 && ledger.accountCount == 0)
  }

  @Test("C20: each variant of an experiment has the same budget, and one does not take from another")
  func variants() {
    var ledger = makeLedger([.test("variant", limit: 1_000, per: ["variant"])]) { $0.scopes = ["variant"] }
    for (variant, count) in [("a", 900), ("b", 400), ("a", 100), ("b", 100)] as [(String, Int64)] {
      ledger.use(count, tags(["variant": variant, "agent": "x"]), at: after(0))
    }
    let a = ledger.ask(tokens(1), tags(["variant": "a"]), at: after(1)).verdict
    let b = ledger.ask(tokens(299), tags(["variant": "b"]), at: after(1)).verdict
    let report = ledger.usage(by: "variant", in: .day, top: 9, now: after(1)) ?? []
    #expect(a == .deny && b == .allow)
    #expect(report.map(\.value) == ["a", "b"] && report.map(\.tokens) == [1_000, 500])
  }

  @Test("D15, D16, D17: the summary of a session, its reset, and its alerts")
  func sessionSummary() {
    var ledger = makeLedger([.test("session", limit: 1_000, per: ["session"])])
    ledger.use(850, tags(["session": "s1"]), at: after(0))
    ledger.use(1_200, tags(["session": "s2"]), at: after(1))
    ledger.use(10, tags(["session": "s3"]), at: after(2))
    let accounts = ledger.accountStatuses(now: after(3))
    #expect(accounts.map(\.used) == [850, 1_200, 10] && accounts.map(\.remaining) == [150, 0, 990])
    let alerts = Alert.alerts(of: accounts, at: after(3).wall)
    #expect(alerts.map(\.level) == [.critical, .warning] && alerts.map(\.account.tags[0].value) == ["s2", "s1"])
    #expect(alerts[1].text == "session: 85% of budget used (850 tokens)")

    let session = [Tag(key: "session", value: "s2")]
    _ = ledger.reset(budget: "session", unit: nil, tags: session, now: after(4))
    let reset = ledger.accountStatuses(budget: "session", where: session, now: after(4))
    // Use is gone from the window, not from what was ever used.
    #expect(reset?[0].used == 0 && reset?[0].usedTotal == 1_200 && reset?[0].remaining == 1_000)
    let left = Alert.alerts(of: ledger.accountStatuses(now: after(4)), at: after(4).wall)
    #expect(left.map(\.account.tags[0].value) == ["s1"])
  }
}
