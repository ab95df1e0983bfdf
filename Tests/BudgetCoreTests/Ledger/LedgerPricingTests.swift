import Testing

@testable import BudgetCore

@Suite("Cost in the ledger")
struct LedgerPricingTests {
  private func settings(_ settings: inout LedgerSettings) {
    let step = ModelPrice.Step(
      aboveTokens: 200, rates: TokenRates(input: 20, output: 60, cacheRead: 2))
    settings.prices = PriceTable([
      ModelPrice(provider: "p", model: "m", rates: TokenRates(input: 10, output: 30, cacheRead: 1), steps: [step])
    ])
    settings.prices.fallback = TokenRates(input: 7, output: 9)
  }

  @Test(
    "D3: the whole prompt decides the step, and then every token takes its rate",
    arguments: [
      // input, cached, output, cost
      (100, 100, 5, 100 * 10 + 100 * 1 + 5 * 30), (101, 100, 5, 101 * 20 + 100 * 2 + 5 * 60),
      (200, 0, 900, 2000 + 27_000),
      (0, 201, 1, 402 + 60),
    ] as [(Int64, Int64, Int64, Quantity)])
  func steps(input: Int64, cached: Int64, output: Int64, cost: Quantity) {
    var ledger = makeLedger([.test(limit: nil, unit: .cost)], settings)
    let spend = Spend(tokens: [
      TokenAmount(kind: .input, count: input), TokenAmount(kind: .cacheRead, count: cached),
      TokenAmount(kind: .output, count: output),
    ])
    let model = tags(["model": "m"])
    let decision = ledger.ask(spend, model, at: after(0))
    let id = ledger.hold(spend, model, at: after(0))!
    let held = ledger.readings(at: after(0))
    _ = ledger.settle(id, actual: nil, now: after(1))
    let settled = ledger.readings(at: after(1))
    #expect(decision.cost == cost && !decision.costIsEstimated)
    #expect(held == [Reading(used: 0, reserved: cost)] && settled == [Reading(used: cost)])
  }

  @Test("B15: a model nobody knows is charged at the fallback rate, marked, and named")
  func unknownModel() {
    var ledger = makeLedger([.test(limit: nil, unit: .cost)], settings)
    ledger.line(.tokens, 10, "model:new,kind:output", at: after(0))
    let decision = ledger.ask(tokens(10), tags(["model": "newer"]), at: after(0))
    _ = ledger.record(tokens(10), tags: tags(["model": "newer"]), id: nil, now: after(0))
    let used = ledger.used(at: after(0))
    #expect(used == 90 + 70 && ledger.counters.estimatedCost == 160 && ledger.counters.unpricedTokens == 0)
    #expect(decision.costIsEstimated && decision.cost == 70)
    #expect(ledger.unpricedModels == ["new", "newer"])
  }

  @Test("without a fallback rate tokens are counted and said to be unpriced")
  func unpriced() {
    var ledger = makeLedger([.test(limit: nil, unit: .cost), .test("tokens", limit: nil)]) {
      settings(&$0)
      $0.prices.fallback = nil
    }
    ledger.line(.tokens, 10, "model:new", at: after(0))
    let used = ledger.used(at: after(0))
    let counted = ledger.used("tokens", at: after(0))
    #expect(used == 0 && counted == 10 && ledger.counters.unpricedTokens == 10)
  }

  @Test("C24: costs beside tokens add to what the tokens cost")
  func extraCost() {
    var ledger = makeLedger([.test(limit: nil, unit: .cost)], settings)
    ledger.line(.tokens, 10, "model:m", at: after(0))
    ledger.line(.cost, 5, "model:m", at: after(0))
    var spend = tokens(10)
    spend.cost = 3
    _ = ledger.record(spend, tags: tags(["model": "m"]), id: nil, now: after(0))
    let used = ledger.used(at: after(0))
    let series = ledger.seriesByLabels(at: after(0))
    #expect(used == 208)
    #expect(series[#"model="m",token_type="input""#]?.cost == 200 && series[#"model="m""#]?.cost == 8)
  }
}
