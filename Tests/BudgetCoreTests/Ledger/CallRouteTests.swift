import Testing

@testable import BudgetCore

@Suite("Routes of calls")
struct CallRouteTests {
  @Test("a route fits a cache line")
  func size() {
    #expect(MemoryLayout<CallRoute>.stride == 64)
  }

  private static let prices = PriceTable([
    ModelPrice(provider: "p", model: "m", rates: TokenRates(input: 3, output: 7))
  ])

  private static func call(_ amounts: [(TokenKind, Int64)]) -> Spend {
    Spend(tokens: amounts.map { TokenAmount(kind: $0.0, count: $0.1) }, cost: 1000, requests: 2)
  }

  private static let budgets: [Budget] = [
    .test("all", limit: nil), .test("cost", limit: nil, unit: .cost), .test("calls", limit: nil, unit: .requests),
    .test("output", limit: nil, match: [TagPattern(key: "token_type", glob: "output")]),
    .test("output-cost", limit: nil, unit: .cost, match: [TagPattern(key: "token_type", glob: "output")]),
    .test("kind", limit: nil, per: ["token_type"]), .test("agent", limit: nil, per: ["agent"]),
  ]

  @Test("each account of a call counts its part, reserved and settled, also of more kinds than most calls have")
  func parts() {
    var ledger = makeLedger(Self.budgets) { $0.prices = Self.prices }
    let kinds: [TokenKind] = [.input, .output, .cacheRead, .cacheWrite, .reasoning] + (1...7).map { .other("k\($0)") }
    let spend = Self.call(kinds.enumerated().map { ($1, Int64($0 + 1)) })
    let id = ledger.hold(spend, tags(["agent": "a", "model": "m"]), at: after(0))!
    func readings(_ names: [String]) -> [[Reading]] { names.map { ledger.readings($0, at: after(0)) } }
    // 1 input, 2 output, 5 of reasoning at the output's rate, the rest at the input's.
    let cost = Quantity(78 * 3 + 7 * 4)
    let names = ["all", "cost", "calls", "output", "output-cost", "agent"]
    let sums: [Quantity] = [78, cost + 1000, 2, 2, 14, 78]
    #expect(readings(names) == sums.map { [Reading(used: 0, reserved: $0)] })
    let kindsHeld = ledger.readings("kind", at: after(0)).map(\.reserved)
    #expect(kindsHeld == (1...12).map { Quantity($0) })
    _ = ledger.settle(id, actual: nil, now: after(1))
    #expect(readings(names) == sums.map { [Reading(used: $0, reserved: 0)] })
    let kindsUsed = ledger.readings("kind", at: after(0))
    #expect(kindsUsed == (1...12).map { Reading(used: $0, reserved: 0) })
    let series = ledger.seriesByLabels(at: after(1))
    #expect(series[#"agent="a",model="m",token_type="k7""#]?.tokens == 12)
    #expect(series[#"agent="a",model="m""#]?.requests == 2)
    #expect(ledger.checkInvariants() == [])
  }

  @Test("a call may be settled with other kinds of tokens than were reserved, in any order")
  func otherKinds() {
    var ledger = makeLedger(Self.budgets) { $0.prices = Self.prices }
    let who = tags(["agent": "a", "model": "m"])
    let settles: [[TokenKind]] = [[.input, .output], [.output, .input], [.cacheRead], []]
    for (number, kinds) in settles.enumerated() {
      let id = ledger.hold(Self.call([(.input, 100), (.output, 50)]), who, at: after(0))!
      _ = ledger.settle(id, actual: Self.call(kinds.map { ($0, $0 == .output ? 4 : 1) }), now: after(Int64(number)))
    }
    let all = ["all", "output", "calls"].map { ledger.readings($0, at: after(9)) }
    #expect(all == [[Reading(used: 11)], [Reading(used: 8)], [Reading(used: 8)]])
    #expect(ledger.checkInvariants() == [])
  }

  @Test("a hold outlives the route it was made with")
  func droppedRoute() {
    var ledger = makeLedger([.test(limit: 1000, per: ["agent"])])
    ledger.use(1, tags(["agent": "idle"]), at: after(0))
    let id = ledger.hold(tokens(50), tags(["agent": "a"]), ttl: .hours(20), at: after(0))!
    _ = ledger.reset(budget: "b", unit: nil, tags: [Tag(key: "agent", value: "idle")], now: after(1))
    let era = ledger.calls.era
    ledger.maintain(now: after(2 * 3600))
    let wasDropped = ledger.calls.era != era
    _ = ledger.settle(id, actual: tokens(30), now: after(2 * 3600))
    let readings = ledger.readings(at: after(2 * 3600))
    #expect(wasDropped && readings.contains(Reading(used: 30)) && !readings.contains { $0.reserved > 0 })
    #expect(ledger.checkInvariants() == [])
  }

  @Test("a check before and after the first use says the same, and makes nothing")
  func checkLeavesNothing() {
    var ledger = makeLedger(Self.budgets) { $0.prices = Self.prices }
    let who = tags(["agent": "a", "model": "m"])
    let spend = Self.call([(.input, 10), (.output, 5)])
    let before = ledger.ask(spend, who, at: after(0))
    #expect(ledger.accountCount == 0)
    _ = ledger.release(ledger.hold(spend, who, at: after(0))!, now: after(0))
    let later = ledger.ask(spend, who, at: after(1))
    func shown(_ decision: Decision) -> Set<String> {
      Set(decision.accounts.map { "\($0.budget.name) \($0.tags.map(\.value)) \($0.used) \($0.reserved)" })
    }
    #expect(shown(before) == shown(later) && before.cost == later.cost)
  }
}
