import Testing

@testable import BudgetCore

@Suite("Estimates of output")
struct EstimateTests {
  private static let who = tags(["agent": "writer", "model": "gpt-4o"])

  private static func call(_ input: Int64, output: Int64) -> Spend {
    Spend(
      tokens: [TokenAmount(kind: .input, count: input), TokenAmount(kind: .output, count: output)], requests: 1)
  }

  /// A request that names its input only.
  private static func asking(_ tags: TagSet = who, input: Int64 = 100) -> SpendRequest {
    var request = SpendRequest(tags: tags, spend: tokens(input))
    request.estimatesOutput = true
    return request
  }

  private static func learned(_ ledger: inout Ledger, _ tags: TagSet = who) -> (output: Int64, source: OutputSource) {
    let estimate = ledger.estimate(asking(tags))
    return (estimate.spend.outputTokens ?? -1, estimate.outputSource)
  }

  @Test("D2: a caller without an output estimate gets the default, then what 95 of 100 calls stayed within")
  func learning() {
    var ledger = makeLedger([.test(limit: 10_000)]) { $0.estimates.defaultOutput = 1000 }
    let before = ledger.check(Self.asking(), now: after(0))
    #expect(before.outputSource == .default && before.granted.outputTokens == 1000)
    for output in 1...19 as ClosedRange<Int64> {
      _ = ledger.record(Self.call(1, output: output), tags: Self.who, now: after(1))
    }
    let few = Self.learned(&ledger)
    #expect(few.source == .default && few.output == 1000)
    _ = ledger.record(Self.call(1, output: 20), tags: Self.who, now: after(1))
    // Of 1 to 20, the 19th is the 95th percentile.
    let enough = ledger.check(Self.asking(), now: after(2))
    #expect(enough.outputSource == .learned && enough.granted.outputTokens == 19)
    #expect(enough.granted.tokenCount == 119)
  }

  @Test("a reservation holds the estimate, its settle teaches and is compared")
  func reservation() {
    var ledger = makeLedger([.test(limit: 10_000)]) { $0.estimates.defaultOutput = 1000 }
    guard case .granted(let first, let decision, _) = ledger.reserve(Self.asking(), ttl: nil, secret: 1, now: after(0))
    else {
      Issue.record("denied")
      return
    }
    let held = ledger.readings(at: after(0))
    #expect(decision.outputSource == .default && held == [Reading(used: 0, reserved: 1100)])
    _ = ledger.settle(first, actual: Self.call(100, output: 300), now: after(1))
    _ = ledger.settle(first, actual: Self.call(100, output: 300), now: after(2))
    let second = ledger.hold(Self.call(100, output: 50), Self.who, secret: 2, at: after(3))!
    _ = ledger.record(
      Self.call(100, output: 80), tags: Self.who.setting(TagName.reservation, to: second.text), now: after(4))
    let tally = ledger.view(now: after(5)).estimateTally
    #expect(tally.tokens(.default, .over) == 700 && tally.calls(.default, .over) == 1)
    #expect(tally.tokens(.given, .under) == 30 && tally.calls(.given, .under) == 1)
    #expect(tally.tokens(.default, .under) == 0 && tally.tokens(.given, .over) == 0)
    #expect(ledger.used(at: after(5)) == 580)
  }

  @Test("what the caller says is taken, also when it is nothing", arguments: [0, 7] as [Int64])
  func given(output: Int64) {
    var ledger = makeLedger([.test(limit: 10_000)])
    var request = Self.asking()
    request.spend.tokens.append(TokenAmount(kind: .output, count: output))
    let decision = ledger.check(request, now: after(0))
    #expect(decision.outputSource == .given && decision.granted.outputTokens == output)
  }

  @Test("an agent without calls of its own gets its model's, another model the default")
  func fallback() {
    var ledger = makeLedger { $0.estimates.defaultOutput = 1000 }
    for _ in 0..<20 { _ = ledger.record(Self.call(1, output: 12), tags: Self.who, now: after(0)) }
    let sibling = Self.learned(&ledger, tags(["agent": "reader", "model": "gpt-4o"]))
    let nobody = Self.learned(&ledger, tags(["model": "gpt-4o"]))
    let stranger = Self.learned(&ledger, tags(["agent": "writer", "model": "other"]))
    #expect(sibling == (12, .learned) && nobody == (12, .learned) && stranger == (1000, .default))
  }

  @Test("past the bound a pair learns nothing of its own, until another was idle for an hour")
  func bound() {
    var ledger = makeLedger { $0.estimates.maxPairs = 2 }
    func agent(_ name: String) -> TagSet { tags(["agent": name, "model": "m"]) }
    func learn(_ name: String, _ output: Int64, at second: Int64) {
      for _ in 0..<20 { _ = ledger.record(Self.call(1, output: output), tags: agent(name), now: after(second)) }
    }
    learn("a", 5, at: 0)
    learn("b", 5, at: 0)
    learn("c", 9, at: 60)
    let shared = Self.learned(&ledger, agent("c"))
    // Two pairs and their model.
    #expect(ledger.estimateCount == 3 && shared.source == .learned)
    learn("b", 5, at: 3700)
    learn("c", 8, at: 3800)
    let own = Self.learned(&ledger, agent("c"))
    #expect(own == (8, .learned) && ledger.estimateCount == 3)
  }

  @Test("reasoning is output; lines, sums of calls and calls without output teach nothing")
  func whatTeaches() {
    var ledger = makeLedger()
    let calls = [
      Spend(tokens: [TokenAmount(kind: .output, count: 5)], requests: 2),
      Spend(tokens: [TokenAmount(kind: .output, count: 5)]),
      Spend(tokens: [TokenAmount(kind: .input, count: 5)], requests: 1),
    ]
    for call in calls { _ = ledger.record(call, tags: Self.who, now: after(0)) }
    ledger.line(.tokens, 5, "agent:writer,model:gpt-4o,token_type:output", at: after(0))
    #expect(ledger.estimateCount == 0)
    let thinking = [TokenAmount(kind: .output, count: 4), TokenAmount(kind: .reasoning, count: 9)]
    for _ in 0..<20 { _ = ledger.record(Spend(tokens: thinking, requests: 1), tags: Self.who, now: after(0)) }
    let estimate = Self.learned(&ledger)
    #expect(estimate == (13, .learned))
  }

  @Test("a duplicate teaches nothing")
  func duplicate() {
    var ledger = makeLedger { $0.estimates.defaultOutput = 1000 }
    for _ in 0..<40 { _ = ledger.record(Self.call(1, output: 5), tags: Self.who, id: "same", now: after(0)) }
    let estimate = Self.learned(&ledger)
    #expect(estimate == (1000, .default))
  }

  @Test("B1: a call's cost is exact, with the rates that the length of its prompt selects")
  func cost() {
    var ledger = makeLedger { settings in
      settings.estimates.defaultOutput = 1000
      settings.prices = PriceTable([
        ModelPrice(
          provider: "p", model: "m", rates: TokenRates(input: 2_500_000, output: 10_000_000),
          steps: [ModelPrice.Step(aboveTokens: 200_000, rates: TokenRates(input: 5_000_000, output: 15_000_000))],
          maxOutputTokens: 600)
      ])
    }
    let who = tags(["model": "m"])
    let short = ledger.estimate(SpendRequest(tags: who, spend: Self.call(800, output: 200)))
    // 800 x 2.5e-6 + 200 x 10e-6
    #expect(Money(picodollars: short.cost).decimalString == "0.004" && short.match.matchedBy == .model)
    let long = ledger.estimate(SpendRequest(tags: who, spend: Self.call(200_001, output: 200)))
    // 200001 x 5e-6 + 200 x 15e-6
    #expect(Money(picodollars: long.cost).decimalString == "1.003005" && long.rates.output == 15_000_000)
    let capped = Self.learned(&ledger, who)
    #expect(capped == (600, .default))
    let unknown = ledger.estimate(SpendRequest(tags: tags(["model": "x"]), spend: Self.call(1, output: 1)))
    #expect(unknown.match.matchedBy == .fallback && unknown.match.isEstimated)
  }

  @Test("while nothing is known and no default is configured, a request stays what it was")
  func nothingKnown() {
    var ledger = makeLedger([.test(limit: 10_000)])
    let decision = ledger.check(Self.asking(input: 100), now: after(0))
    #expect(decision.outputSource == .given && decision.granted.outputTokens == nil)
    #expect(decision.granted.tokenCount == 100)
  }

  @Test("an estimate makes no account and tells nobody")
  func noTrace() {
    var ledger = makeLedger([.test(limit: 10, per: ["agent"])])
    _ = ledger.estimate(Self.asking(input: 1000))
    let events = ledger.told()
    #expect(ledger.accountCount == 0 && events.isEmpty)
  }
}
