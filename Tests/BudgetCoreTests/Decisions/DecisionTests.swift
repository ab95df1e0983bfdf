import Testing

@testable import BudgetCore

@Suite("Decisions")
struct DecisionTests {
  @Test(
    "a request is refused only if used, reserved and requested together pass the limit",
    arguments: [
      // limit, used, held, asked, granted
      (100, 0, 0, 100, true), (100, 0, 0, 101, false), (100, 60, 0, 40, true), (100, 60, 0, 41, false),
      (100, 30, 30, 40, true), (100, 30, 30, 41, false), (100, 100, 0, 0, true), (100, 100, 0, 1, false),
      (100, 101, 0, 0, false), (1, 0, 0, 1, true),
    ] as [(Quantity, Int64, Int64, Int64, Bool)])
  func exactFit(limit: Quantity, used: Int64, held: Int64, asked: Int64, granted: Bool) {
    var ledger = makeLedger([.test(limit: limit)])
    if used > 0 { ledger.use(used, at: after(0)) }
    if held > 0 { _ = ledger.hold(tokens(held), at: after(0)) }
    let decision = ledger.ask(tokens(asked), at: after(0))
    let id = ledger.hold(tokens(asked), at: after(0))
    #expect((decision.verdict != .deny) == granted)
    #expect((id != nil) == granted)
    #expect(decision.breaches.isEmpty == granted)
  }

  @Test("a limit of 0 denies everything, even nothing", arguments: BudgetUnit.allCases)
  func zero(unit: BudgetUnit) {
    var ledger = makeLedger([.test(limit: 0, unit: unit)])
    let nothing = ledger.ask(Spend(), at: after(0))
    let some = ledger.ask(Spend(tokens: [TokenAmount(kind: .output, count: 1)], requests: 1), at: after(0))
    #expect(nothing.verdict == .deny && some.verdict == .deny)
    #expect(some.breaches.map(\.retryAfter) == [nil])
  }

  @Test("an absent limit is unlimited and still counts")
  func unlimited() {
    var ledger = makeLedger([.test(limit: nil)])
    let decision = ledger.ask(tokens(.max), at: after(0))
    ledger.use(.max, at: after(0))
    let again = ledger.hold(tokens(.max), at: after(0))
    let statuses = ledger.accountStatuses(now: after(0))
    #expect(decision.verdict == .allow && again != nil)
    #expect(statuses[0].used == Quantity(Int64.max) && statuses[0].remaining == nil && statuses[0].state == .ok)
  }

  @Test(
    "states are ok, warning, exhausted and overspent",
    arguments: [
      (0, 0, .ok), (79, 0, .ok), (80, 0, .warning), (99, 0, .warning), (100, 0, .exhausted), (101, 0, .overspent),
      (10, 90, .exhausted), (10, 89, .ok), (80, 20, .exhausted),
    ] as [(Int64, Int64, AccountStatus.State)])
  func states(used: Int64, held: Int64, expected: AccountStatus.State) {
    var ledger = makeLedger([.test(limit: 100)])
    if held > 0 { _ = ledger.hold(tokens(held), at: after(0)) }
    ledger.use(used, at: after(0))
    let status = ledger.accountStatuses(now: after(0))[0]
    #expect(status.state == expected)
    #expect(status.remaining == Quantity(max(0, 100 - used - held)))
    #expect(status.usedRatio == Double(used) / 100)
  }

  @Test("C4, D1: every matching budget applies, and one that cannot give stops all")
  func allOrNothing() {
    var ledger = makeLedger([
      .test("agent", limit: 100, per: ["agent"]), .test("money", limit: dollars(1), unit: .cost),
      .test("calls", limit: 1, unit: .requests), .test("team", limit: 50, match: [TagPattern(key: "team", glob: "x*")]),
    ])
    let mine = tags(["agent": "a", "team": "x1"])
    let spend = Spend(tokens: [TokenAmount(kind: .input, count: 40)], requests: 1)
    let first = ledger.hold(spend, mine, at: after(0))
    let second = ledger.hold(spend, mine, at: after(0))
    let statuses = ledger.accountStatuses(now: after(0))
    #expect(first != nil && second == nil)
    #expect(statuses.first { $0.budget.name == "agent" }?.reserved == 40)
    #expect(statuses.first { $0.budget.name == "team" }?.reserved == 40)
    #expect(statuses.first { $0.budget.name == "calls" }?.reserved == 1)
    // 40 input tokens at the fallback rate of 5 USD a million.
    #expect(statuses.first { $0.budget.name == "money" }?.reserved == 200_000_000)
  }

  @Test("D8: all breaches are reported, the tightest first")
  func breaches() {
    var ledger = makeLedger([
      .test("half", limit: 200, window: .rolling(.hours(1))), .test("empty", limit: 100, window: .rolling(.hours(1))),
      .test("empty for longer", limit: 100, window: .rolling(.hours(9))), .test("wide", limit: 1_000_000),
    ])
    ledger.use(100, at: after(0))
    let decision = ledger.ask(tokens(150), at: after(0))
    #expect(decision.verdict == .deny)
    #expect(decision.breaches.map(\.account.budget.name) == ["empty", "empty for longer", "half"])
    #expect(decision.breaches.map(\.requested) == [150, 150, 150])
    // No waiting helps where the request is larger than the limit.
    #expect(decision.breaches.prefix(2).allSatisfy { $0.retryAfter == nil })
    let smaller = ledger.ask(tokens(100), at: after(0))
    #expect(smaller.breaches.map(\.account.budget.name) == ["empty for longer", "empty"])
    #expect(decision.accounts.count == 4)
  }

  @Test(
    "a request that reaches the warning threshold is warned",
    arguments: [(79, .allow), (80, .warn), (100, .warn)] as [(Int64, Verdict)])
  func warning(asked: Int64, verdict: Verdict) {
    var ledger = makeLedger([.test(limit: 100)])
    let decision = ledger.ask(tokens(asked), at: after(0))
    #expect(decision.verdict == verdict)
  }

  @Test("D14: shadow allows and warn warns, but both count what they would have said")
  func modes() {
    var ledger = makeLedger([.test("s", limit: 10, mode: .shadow), .test("w", limit: 10, mode: .warn)])
    let decision = ledger.ask(tokens(50), at: after(0))
    let id = ledger.hold(tokens(50), at: after(0))
    let tallies = ledger.view(now: after(0)).tallies
    #expect(decision.verdict == .warn && decision.breaches.isEmpty && id != nil)
    #expect(tallies[0][Verdict.deny] == 1 && tallies[0][Verdict.allow] == 0)
    #expect(tallies[1][Verdict.deny] == 1)
    var shadow = makeLedger([.test(limit: 0, mode: .shadow)])
    let allowed = shadow.ask(tokens(50), at: after(0))
    #expect(allowed.verdict == .allow)
  }

  @Test("D2: a check has no side effect: no account, no event, no count, no series, no scope value")
  func checkLeavesNoTrace() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"]), .test("money", limit: dollars(1), unit: .cost)])
    let asked = tags(["agent": "a", "model": "nobody-knows"])
    let fits = ledger.ask(tokens(100), asked, at: after(0))
    let tooMuch = ledger.ask(tokens(101), asked, at: after(0))
    let (accounts, told) = (ledger.accountCount, ledger.takeEvents().count)
    let view = ledger.view(now: after(0))
    #expect(accounts == 0 && told == 0 && view.scopes.isEmpty && view.seriesCount == 0)
    #expect(view.tallies.allSatisfy { tally in Verdict.allCases.allSatisfy { tally[$0] == 0 } })
    #expect(ledger.unpricedModels.isEmpty)
    #expect(fits.verdict == .warn && tooMuch.verdict == .deny)
    #expect(fits.accounts.map(\.used) == [0, 0] && fits.accounts[0].tags == [Tag(key: "agent", value: "a")])
    #expect(tooMuch.breaches.map(\.account.remaining) == [100])
  }

  @Test("a check and a reservation decide alike, whatever has been used")
  func checkAgreesWithReserve() {
    var random = ZoneRandom("check and reserve")
    var ledger = makeLedger([
      .test(limit: 500, per: ["agent"], window: .fixed(.minutes(10))),
      .test("out", limit: 300, per: ["token_type"], window: .rolling(.minutes(30))),
      .test("money", limit: 2_000_000_000, unit: .cost, window: .rolling(.minutes(5))),
      .test("calls", limit: 9, unit: .requests, per: ["user"], window: .lifetime(idleExpiry: .minutes(2))),
    ])
    for step in 0..<2000 {
      let now = after(Int64(step) * 10)
      let who = tags(["agent": "a\(Int.random(in: 0..<4, using: &random))", "user": "u\(step % 3)"])
      let spend = Spend(
        tokens: [
          TokenAmount(kind: .input, count: .random(in: 0...150, using: &random)),
          TokenAmount(kind: .output, count: .random(in: 0...80, using: &random)),
        ], requests: 1)
      let request = SpendRequest(tags: who, spend: spend, partial: step % 2 == 0)
      let checked = ledger.check(request, now: now)
      switch ledger.reserve(request, ttl: .seconds(40), secret: 1, now: now) {
      case .granted(_, let decision, _):
        #expect(decision.verdict == checked.verdict && decision.granted == checked.granted)
        #expect(decision.cost == checked.cost)
      case .denied(let decision):
        #expect(checked.verdict == .deny)
        #expect(decision.breaches.map(\.retryAfter) == checked.breaches.map(\.retryAfter))
      case .tableFull: Issue.record("full")
      }
    }
  }

  @Test("amounts beyond reason neither trap nor pass")
  func hostileAmounts() {
    var ledger = makeLedger([
      .test(limit: 100), .test("money", limit: nil, unit: .cost), .test("n", limit: nil, mode: .shadow),
    ])
    let huge = Spend(
      tokens: [TokenAmount(kind: .input, count: .max), TokenAmount(kind: .output, count: .max)], cost: .max,
      requests: .max)
    let decision = ledger.ask(huge, at: after(0))
    for _ in 0..<50 { _ = ledger.record(huge, tags: .empty, id: nil, now: after(0)) }
    let negative = Spend(tokens: [TokenAmount(kind: .input, count: -50)], cost: -5, requests: -1)
    _ = ledger.record(negative, tags: .empty, id: nil, now: after(0))
    let held = ledger.ask(negative, at: after(0))
    let statuses = ledger.accountStatuses(now: after(0))
    #expect(decision.verdict == .deny && held.verdict == .deny)
    #expect(statuses.allSatisfy { $0.used > 0 })
    #expect(statuses[0].used == 100 * Quantity(Int64.max))
  }

  @Test("holds of absurd cost on an unlimited budget come and go")
  func hostileHolds() {
    var ledger = makeLedger([.test(limit: nil, unit: .cost)])
    let ids = (0..<20).map { _ in ledger.hold(Spend(cost: .max), at: after(0)) }
    for id in ids { _ = ledger.release(id!, now: after(1)) }
    let readings = ledger.readings(at: after(1))
    #expect(readings == [Reading(used: 0)])
  }
}
