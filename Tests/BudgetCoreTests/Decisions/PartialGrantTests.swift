import Testing

@testable import BudgetCore

@Suite("Partial grants")
struct PartialGrantTests {
  private func spend(input: Int64, output: Int64) -> Spend {
    Spend(tokens: [TokenAmount(kind: .input, count: input), TokenAmount(kind: .output, count: output)])
  }

  @Test(
    "C2: less output than asked, the most that fits",
    arguments: [
      // limit, input, output asked, output granted (nil: denied)
      (100, 40, 60, 60), (100, 40, 61, 60), (100, 40, 10_000, 60), (100, 99, 10, 1), (100, 100, 10, nil),
      (100, 101, 1, nil),
      (0, 0, 10, nil), (100, 40, 0, 0),
    ] as [(Quantity, Int64, Int64, Int64?)])
  func tokenLimit(limit: Quantity, input: Int64, output: Int64, granted: Int64?) {
    var ledger = makeLedger([.test(limit: limit)])
    let decision = ledger.ask(spend(input: input, output: output), partial: true, at: after(0))
    #expect((decision.verdict == .deny) == (granted == nil))
    if let granted { #expect(decision.granted.outputTokens == granted) }
  }

  @Test("the largest that a cost limit pays for")
  func costLimit() {
    // 5 USD and 15 USD a million.
    let rate = (input: Quantity(5_000_000), output: Quantity(15_000_000))
    for left in [0, 1, 14_999_999, 15_000_000, 15_000_001, 999_999_999] as [Quantity] {
      var ledger = makeLedger([.test(limit: 100 * rate.input + left, unit: .cost)])
      let decision = ledger.ask(spend(input: 100, output: 1_000_000), partial: true, at: after(0))
      let fitting = left / rate.output
      #expect((decision.verdict == .deny) == (fitting == 0))
      guard fitting > 0 else { continue }
      #expect(decision.granted.outputTokens == Int64(fitting))
      #expect(decision.cost == 100 * rate.input + fitting * rate.output)
    }
  }

  @Test("the hold is what was granted, not what was asked")
  func held() {
    var ledger = makeLedger([.test(limit: 100), .test("other", limit: 1000)])
    let request = SpendRequest(tags: .empty, spend: spend(input: 40, output: 500), partial: true)
    guard case .granted(let id, let decision, _) = ledger.reserve(request, ttl: nil, secret: 1, now: after(0)) else {
      Issue.record("denied")
      return
    }
    let held = ledger.readings("other", at: after(0))
    #expect(decision.granted.outputTokens == 60 && held == [Reading(used: 0, reserved: 100)])
    _ = ledger.settle(id, actual: nil, now: after(1))
    let settled = ledger.readings("other", at: after(1))
    #expect(settled == [Reading(used: 100)])
  }

  @Test("budgets that do not deny take nothing away", arguments: [Budget.Mode.shadow, .warn])
  func lenientModes(mode: Budget.Mode) {
    var ledger = makeLedger([.test(limit: 10, mode: mode), .test("hard", limit: 1000)])
    let decision = ledger.ask(spend(input: 40, output: 60), partial: true, at: after(0))
    #expect(decision.granted.outputTokens == 60)
    let cut = ledger.ask(spend(input: 40, output: 2000), partial: true, at: after(0))
    #expect(cut.granted.outputTokens == 960)
  }

  @Test("a request that names a kind twice is cut as one")
  func twice() {
    var ledger = makeLedger([.test(limit: 100)])
    let double = Spend(tokens: [TokenAmount(kind: .output, count: 90), TokenAmount(kind: .output, count: 90)])
    let decision = ledger.ask(double, partial: true, at: after(0))
    #expect(decision.verdict == .warn && decision.granted.tokenCount == 100)
  }

  @Test("what cannot be cut is denied whole, and says what was asked")
  func nothingToCut() {
    var ledger = makeLedger([.test(limit: 1, unit: .requests)])
    ledger.line(.requests, 1, "agent:a", at: after(0))
    let asked = Spend(tokens: [TokenAmount(kind: .output, count: 50)], requests: 1)
    let decision = ledger.ask(asked, partial: true, at: after(0))
    #expect(decision.verdict == .deny && decision.granted == asked)
  }
}
