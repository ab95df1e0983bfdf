import Testing

@testable import BudgetCore

@Suite("Jobs")
struct JobTests {
  private static let document = tags(["job": "docs", "agent": "a", "model": "m"])

  @Test("C19: 10M tokens for 100k documents: progress, tokens per item, and what the rest takes")
  func progress() throws {
    var ledger = watching(budgets: [.test("batch", limit: 10_000_000, per: ["job"])]) { $0.jobs = ["docs": 100_000] }
    for batch in 0..<40 as Range<Int64> {
      var spend = tokens(100_000)
      spend.requests = 1000
      spend.items = 1000
      _ = ledger.record(spend, tags: Self.document, now: after(batch * 10))
    }
    let found = ledger.job("docs", now: after(1000))
    let job = try #require(found)
    #expect(job.done == 40_000 && job.total == 100_000 && job.doneMillionths == 400_000)
    #expect(job.tokens == 4_000_000 && job.requests == 40_000 && job.tokensPerItem == 100)
    #expect(job.cost == 4_000_000 * 1_000_000 && job.costPerItem == 100_000_000)
    #expect(job.elapsed == .seconds(390) && job.itemsPerSecond == 40_000.0 / 390)
    let rest = try #require(job.rest)
    #expect(rest.items == 60_000 && rest.tokens == 6_000_000 && rest.cost == 6_000_000_000_000)
    #expect(rest.time == .seconds(585))
    #expect(job.affordable?.items == 60_000 && job.affordable?.account.budget.name == "batch")
  }

  @Test("C19: a job that its budget stopped half-way reads as partly done")
  func partial() throws {
    var ledger = watching(budgets: [.test("batch", limit: 1000, per: ["job"])])
    let outcome = ledger.declareJob("docs", items: 10, now: after(0))
    guard case .declared = outcome else {
      Issue.record("not declared")
      return
    }
    var granted = 0
    for second in 0..<10 as Range<Int64> {
      guard let id = ledger.hold(tokens(300), Self.document, at: after(second)) else { continue }
      granted += 1
      var actual = tokens(300)
      actual.items = 1
      _ = ledger.settle(id, actual: actual, now: after(second))
    }
    let found = ledger.job("docs", now: after(20))
    let job = try #require(found)
    #expect(granted == 3 && job.done == 3 && job.doneMillionths == 300_000)
    #expect(job.rest?.items == 7 && job.rest?.tokens == 2100)
    #expect(job.affordable?.items == 0)
  }

  @Test("the tightest of the accounts that count the job says how many items they pay for")
  func tightest() throws {
    var ledger = watching(budgets: [
      .test("all", limit: 50_000), .test("per-job", limit: 9_000, per: ["job", "agent"]),
      .test("named", limit: dollars(1), unit: .cost, match: [TagPattern(key: "job", glob: "d*")]),
      .test("other", limit: 1000, match: [TagPattern(key: "job", glob: "x*")]),
      .test("of-agent", limit: 1000, per: ["agent"]), .test("shadow", limit: 1000, mode: .shadow),
      .test("typed", limit: 1000, match: [TagPattern(key: "token_type", glob: "input")]),
      .test("calls", limit: 5, unit: .requests),
    ])
    var spend = tokens(1000)
    spend.items = 10
    _ = ledger.record(spend, tags: Self.document, now: after(0))
    let first = ledger.job("docs", now: after(1))?.affordable
    #expect(first?.items == 80 && first?.account.budget.name == "per-job")
    spend = Spend(cost: dollars(99))
    _ = ledger.record(spend, tags: tags(["job": "dregs"]), now: after(2))
    let second = ledger.job("docs", now: after(3))?.affordable
    #expect(second?.items == 0 && second?.account.budget.name == "named")
  }

  @Test("nothing is guessed before the first item, and nothing is clamped after the last")
  func edges() throws {
    var ledger = watching { $0.jobs = ["docs": 4] }
    var found = ledger.job("docs", now: after(0))
    let before = try #require(found)
    #expect(before.done == 0 && before.rest?.items == 4 && before.rest?.tokens == nil && before.rest?.time == nil)
    #expect(before.began == nil && before.itemsPerSecond == nil && before.affordable == nil)
    ledger.line(.items, 6, "job:docs", at: after(0))
    found = ledger.job("docs", now: after(0))
    let once = try #require(found)
    #expect(once.doneMillionths == 1_500_000 && once.rest?.items == 0 && once.rest?.time == .zero)
    let unknown = ledger.job("nobody", now: after(0))
    #expect(unknown == nil)
    ledger.line(.items, 3, "job:undeclared", at: after(0))
    found = ledger.job("undeclared", now: after(0))
    let undeclared = try #require(found)
    #expect(undeclared.done == 3 && undeclared.rest == nil && undeclared.doneMillionths == nil)
  }

  @Test("fractions of items are carried for each job, not from one to another")
  func fractions() throws {
    var ledger = watching()
    for second in 0..<10 as Range<Int64> {
      for job in ["a", "b"] { ledger.line(.items, 0, "job:\(job)", at: after(second), fraction: 1 << 31) }
    }
    let done = ledger.jobs().map(\.done)
    #expect(done == [5, 5])
  }

  @Test("the largest numbers there are neither trap nor turn negative")
  func largest() throws {
    var ledger = watching(budgets: [.test("b", limit: 1 << 100, per: ["job"])])
    _ = ledger.declareJob("j", items: .max, now: after(0))
    for second in 0..<4 as Range<Int64> {
      ledger.line(.tokens, .max, "job:j,model:m", at: after(second))
      ledger.line(.cost, .max, "job:j", at: after(second))
      ledger.line(.items, second == 0 ? 1 : .max, "job:j", at: after(second))
      let found = ledger.job("j", now: after(second))
      let job = try #require(found)
      #expect(job.tokens == .max && job.cost > 0 && (job.rest?.tokens ?? -1) >= 0 && (job.rest?.cost ?? -1) >= 0)
      #expect((job.affordable?.items ?? -1) >= 0 && (job.doneMillionths ?? -1) >= 0)
    }
    let broken = ledger.checkInvariants()
    #expect(broken == [])
  }

  @Test("a declared job stays a week after its last use, and then its place is free")
  func expiry() throws {
    var ledger = watching { $0.most = 8 }
    _ = ledger.declareJob("old", items: 5, now: after(0))
    ledger.line(.items, 1, "job:used", at: after(0))
    for job in 0..<8 { ledger.line(.items, 1, "job:flood\(job)", at: after(1)) }
    let full = ledger.declareJob("late", items: 5, now: after(2))
    guard case .full = full else {
      Issue.record("there was room")
      return
    }
    ledger.maintain(now: after(6 * 86_400))
    let kept = ledger.jobs().map(\.name)
    #expect(kept.contains("old"))
    ledger.maintain(now: after(7 * 86_400 + 10))
    let left = ledger.jobs().map(\.name)
    #expect(left == [])
    let again = ledger.declareJob("late", items: 5, now: after(7 * 86_400 + 11))
    guard case .declared = again else {
      Issue.record("there was no room")
      return
    }
  }

  @Test(
    "proportions are exact to 256 bits",
    arguments: [
      (7, 3, 2, 10, 11), (0, 5, 3, 0, 0), (1 << 120, 1 << 60, 1 << 60, 1 << 120, 1 << 120),
      (.max, .max, .max, .max, .max), (.max, 2, 1, .max, .max), (1 << 120, 3, 1 << 119, 6, 6), (-5, 3, 2, 0, 0),
    ] as [(Quantity, Quantity, Quantity, Quantity, Quantity)])
  func proportion(amount: Quantity, numerator: Quantity, denominator: Quantity, floor: Quantity, ceil: Quantity) {
    #expect(Proportion.floor(amount, times: numerator, over: denominator) == floor)
    #expect(Proportion.ceil(amount, times: numerator, over: denominator) == ceil)
    #expect(Proportion.floor(amount, times: numerator, over: 0) == nil)
  }
}
