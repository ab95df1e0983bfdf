import Testing

@testable import BudgetCore

/// An agent with 50,000 tokens a session, told what it may send and in the end what it spent. Every number is worked
/// out by hand; `gpt-4o` is listed at 2.50 USD a million tokens of input and 10 USD a million of output.
@Suite("Example: a capped research agent")
struct ResearchAgentTests {
  private static let who = tags(["agent": "researcher", "model": "gpt-4o", "session": "s1"])

  private static func call(_ input: Int64, _ output: Int64) -> Spend {
    Spend(
      tokens: [TokenAmount(kind: .input, count: input), TokenAmount(kind: .output, count: output)], requests: 1)
  }

  private struct Step {
    var asked: Spend
    var verdict: Verdict
    /// The output that may be put out: the `max_tokens` to send.
    var maxTokens: Int64
    var actual: Spend
    var usedAfter: Quantity
    var told: [BudgetEvent.Kind] = []
  }

  private static let searches = [
    // 10,000 of 50,000: no worry.
    Step(asked: call(8_000, 2_000), verdict: .allow, maxTokens: 2_000, actual: call(8_000, 1_500), usedAfter: 9_500),
    // 9,500 + 15,000 = 24,500.
    Step(asked: call(12_000, 3_000), verdict: .allow, maxTokens: 3_000, actual: call(12_000, 2_500), usedAfter: 24_000),
    // 24,000 + 17,000 = 41,000 would pass 40,000, which is 80 %: warned, and told when use is exactly there.
    Step(
      asked: call(14_000, 3_000), verdict: .warn, maxTokens: 3_000, actual: call(14_000, 2_000), usedAfter: 40_000,
      told: [.warn]),
    // 10,000 are left: 7,000 of input leave 3,000 for output where 5,000 were asked for.
    Step(asked: call(7_000, 5_000), verdict: .warn, maxTokens: 3_000, actual: call(7_000, 2_600), usedAfter: 49_600),
  ]

  private func makeScene() -> Ledger {
    makeLedger([.test("session", limit: 50_000, per: ["session"], window: .lifetime(idleExpiry: .hours(1)))]) {
      $0.prices = .builtIn
      $0.scopes = ["agent", "session"]
    }
  }

  private func reserve(_ spend: Spend, in ledger: inout Ledger, at now: Moment) -> (ReservationID?, Decision?) {
    let request = SpendRequest(tags: Self.who, spend: spend, partial: true)
    switch ledger.reserve(request, ttl: nil, secret: 7, now: now) {
    case .granted(let id, let decision, _): return (id, decision)
    case .denied(let decision): return (nil, decision)
    case .tableFull: return (nil, nil)
    }
  }

  @Test("C2: searches until little is left, gets less output than asked, is denied, and still answers")
  func session() {
    var ledger = makeScene()
    var second: Int64 = 0
    for step in Self.searches {
      second += 60
      let (id, decision) = reserve(step.asked, in: &ledger, at: after(second))
      #expect(decision?.verdict == step.verdict && decision?.granted.outputTokens == step.maxTokens)
      guard let id else { return }
      _ = ledger.settle(id, actual: step.actual, now: after(second + 30))
      let (used, told) = (ledger.used("session", at: after(second + 30)), ledger.told())
      #expect(used == step.usedAfter && told == step.told)
    }

    // 400 are left: the input of another search alone does not fit.
    let (_, denial) = reserve(Self.call(2_000, 1_000), in: &ledger, at: after(300))
    #expect(denial?.verdict == .deny && denial?.breaches.count == 1)
    #expect(denial?.breaches[0].account.remaining == 400 && denial?.breaches[0].requested == 3_000)
    // Nothing was used since second 270; an hour after that a new session's tokens are there.
    #expect(denial?.breaches[0].retryAfter == .seconds(3600 - 30))

    // A short prompt over what was found: 300 of input leave 100 for the answer.
    let (answer, granted) = reserve(Self.call(300, 500), in: &ledger, at: after(310))
    #expect(granted?.verdict == .warn && granted?.granted.outputTokens == 100)
    // 300 x 2.50 + 100 x 10 USD a million: 0.00175 USD.
    #expect(granted?.cost == 1_750_000_000)
    guard let answer else { return }
    // The model put out 250 all the same: counted, past the cap.
    _ = ledger.settle(answer, actual: Self.call(300, 250), now: after(320))
    let told = ledger.told()
    #expect(told == [.exhausted, .exceeded])
    checkSummary(&ledger)

    let (none, last) = reserve(Self.call(1, 1), in: &ledger, at: after(330))
    #expect(none == nil && last?.verdict == .deny)
  }

  /// What the agent reads at the end.
  private func checkSummary(_ ledger: inout Ledger) {
    let account = ledger.accountStatuses(budget: "session", where: [Tag(key: "session", value: "s1")], now: after(320))
    #expect(account?.count == 1)
    // 9,500 + 14,500 + 16,000 + 9,600 + 550.
    #expect(account?[0].used == 50_150 && account?[0].limit == 50_000 && account?[0].remaining == 0)
    #expect(account?[0].usedRatio == 1.003 && account?[0].state == .overspent)

    let usage = ledger.usage(by: "session", in: .day, top: 1, now: after(320))
    // 41,300 of input for 0.10325 USD, 8,850 of output for 0.0885 USD.
    #expect(usage?[0].tokens == 50_150 && usage?[0].cost == 191_750_000_000 && usage?[0].requests == 5)
    let tally = ledger.view(now: after(320)).tallies[0]
    // Only what went past the limit, and why: the hold of 400 was 150 too small.
    #expect(tally[cause: .underestimated] == 150 && tally[cause: .unreserved] == 0)
    #expect(tally[.allow] == 2 && tally[.warn] == 3 && tally[.deny] == 1)
  }

  @Test("C18: after an idle hour the session's allowance is a fresh one; another session has its own at once")
  func freshAllowance() {
    var ledger = makeScene()
    ledger.use(50_000, Self.who, at: after(0))
    let exhausted = ledger.ask(Self.call(1, 0), Self.who, at: after(3599)).verdict
    let other = ledger.ask(Self.call(40_000, 9_999), Self.who.setting("session", to: "s2"), at: after(3599)).verdict
    let fresh = ledger.ask(Self.call(30_000, 9_999), Self.who, at: after(3600)).verdict
    #expect(exhausted == .deny && other == .warn && fresh == .allow)
  }
}
