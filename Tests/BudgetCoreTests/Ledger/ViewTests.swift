import Testing

@testable import BudgetCore

@Suite("Views and reads")
struct ViewTests {
  @Test("A6: reading an account that does not exist answers zeros and makes none")
  func readingMakesNothing() {
    var ledger = makeLedger([
      .test("mine", limit: 100, per: ["agent"]), .test("all", limit: 5, window: .fixed(.hours(1))),
    ])
    let named = ledger.accountStatuses(budget: "mine", where: [Tag(key: "agent", value: "a")], now: after(0))
    let unnamed = ledger.accountStatuses(budget: "mine", where: [], now: after(0))
    let whole = ledger.accountStatuses(budget: "all", where: [], now: after(0))
    let unknown = ledger.accountStatuses(budget: "nobody's", where: [], now: after(0))
    let count = ledger.accountCount
    #expect(named?.map(\.used) == [0] && named?.map(\.remaining) == [100] && named?.map(\.state) == [.ok])
    #expect(unnamed?.isEmpty == true && whole?.count == 1 && whole?[0].resetsAt != nil && unknown == nil)
    #expect(count == 0)
  }

  @Test("A2: a read finds the accounts that the filter names")
  func filter() {
    var ledger = makeLedger([
      .test(limit: 100, per: ["agent", "user"]), .test(limit: dollars(5), unit: .cost, per: ["agent", "user"]),
    ])
    for (agent, user) in [("a", "x"), ("a", "y"), ("b", "x")] {
      ledger.use(10, tags(["agent": agent, "user": user]), at: after(0))
    }
    let ofA = ledger.accountStatuses(budget: "b", where: [Tag(key: "agent", value: "a")], now: after(0))!
    let one = ledger.accountStatuses(
      budget: "b", where: [Tag(key: "user", value: "x"), Tag(key: "agent", value: "b")], now: after(0))!
    let none = ledger.accountStatuses(budget: "b", where: [Tag(key: "team", value: "x")], now: after(0))!
    #expect(ofA.count == 4 && one.map(\.budget.unit) == [.tokens, .cost] && none.isEmpty)
    #expect(one.map(\.used) == [10, 50_000_000])
  }

  @Test("the total that is shown never goes back, not even by a refund")
  func monotoneTotal() {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(80), ttl: .seconds(5), at: after(0))!
    let totals = [
      ledger.view(now: after(1)), ledger.view(now: after(10)),
    ].map { $0.accounts[0].account.usedTotal }
    _ = ledger.settle(id, actual: tokens(30), now: after(20))
    let refunded = ledger.view(now: after(21)).accounts[0].account
    ledger.use(20, at: after(22))
    let more = ledger.view(now: after(23)).accounts[0].account
    ledger.use(50, at: after(24))
    let past = ledger.view(now: after(25)).accounts[0].account
    #expect(totals == [0, 80] && refunded.usedTotal == 80 && refunded.used == 30)
    #expect(more.usedTotal == 80 && past.usedTotal == 100 && past.used == 100)
  }

  @Test("a view stays as it was while the ledger goes on, moves and forgets")
  func snapshot() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: .fixed(.minutes(1)))]) {
      $0.bounds.seriesIdleExpiry = .minutes(1)
    }
    let long = String(repeating: "x", count: 400)
    for agent in 0..<1500 { ledger.line(.tokens, 1, "agent:\(agent)\(long),kind:output", at: after(0)) }
    let view = ledger.view(now: after(0))
    // Everything idle goes, the texts are moved to new pages, and the old places are written anew.
    for round in 1..<4 {
      ledger.maintain(now: after(Int64(round) * 7200))
      for agent in 0..<1500 {
        ledger.line(.tokens, 1, "agent:r\(round)-\(agent)\(long)", at: after(Int64(round) * 7200))
      }
    }
    let texts = Set(view.series.map { String(decoding: $0.labelText, as: UTF8.self) })
    #expect(texts == Set((0..<1500).map { "agent=\"\($0)\(long)\",token_type=\"output\"" }))
    #expect(
      view.accounts.map { String(decoding: $0.labels, as: UTF8.self) }.contains(
        "budget=\"b\",unit=\"tokens\",window=\"1m\",agent=\"7\(long)\""))
    #expect(Set(view.scopes.map { String(decoding: $0.value, as: UTF8.self) }).contains("7\(long)"))
  }

  @Test("B7: the heaviest users of a scope, most tokens first")
  func top() {
    var ledger = makeLedger()
    for (agent, count) in [("c", 5), ("a", 50), ("b", 20), ("d", 5)] as [(String, Int64)] {
      ledger.use(count, tags(["agent": agent]), at: after(0))
    }
    let two = ledger.usage(by: "agent", in: .hour, top: 2, now: after(0))!
    let all = ledger.usage(by: "agent", in: .minute, top: 10, now: after(0))!
    let later = ledger.usage(by: "agent", in: .minute, top: 10, now: after(100))!
    let none = ledger.usage(by: "agent", in: .hour, top: -3, now: after(0))!
    let unknown = ledger.usage(by: "shoe size", in: .hour, top: 1, now: after(0))
    #expect(two.map(\.value) == ["a", "b"] && all.map(\.value) == ["a", "b", "c", "d"])
    #expect(later.isEmpty && none.isEmpty && unknown == nil)
    #expect(two[0].cost == 250_000_000)
  }
}
