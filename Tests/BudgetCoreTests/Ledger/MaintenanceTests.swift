import Testing

@testable import BudgetCore

@Suite("Housekeeping")
struct MaintenanceTests {
  private func sums(_ ledger: inout Ledger, at now: Moment) -> [Quantity] {
    let view = ledger.view(now: now)
    return [
      view.series.reduce(0) { $0 + Quantity($1.tokens) }, view.series.reduce(0) { $0 + Quantity($1.requests) },
      view.series.reduce(0) { $0 + Quantity($1.items) }, view.series.reduce(0) { $0 + $1.cost },
      Quantity(view.series.reduce(0) { $1.histogram < 0 ? $0 : $0 + view.histograms[Int($1.histogram)].counts[0] }),
    ]
  }

  @Test(
    "idle series fold into __other__ and all sums stay, whatever is exported",
    arguments: [["agent", "user", "model", "token_type"], ["agent"], ["token_type"], []])
  func foldedSums(labels: [String]) {
    var ledger = makeLedger {
      $0.labels = labels
      $0.bounds.seriesIdleExpiry = .minutes(10)
    }
    for agent in 0..<30 {
      ledger.line(.tokens, 7, "agent:a\(agent),kind:output", at: after(0))
      ledger.line(.tokens, 0, "agent:a\(agent),kind:output", at: after(0), fraction: 1 << 31)
      ledger.line(.tokens, 7, "agent:a\(agent)", at: after(0))
      ledger.line(.requests, 1, "agent:a\(agent)", at: after(0))
      ledger.line(.items, 3, "agent:a\(agent)", at: after(0))
      ledger.line(.cost, 11, "agent:a\(agent)", at: after(0))
      ledger.line(.duration, 1, "agent:a\(agent)", at: after(0))
    }
    ledger.line(.tokens, 1, "agent:busy", at: after(590))
    let before = sums(&ledger, at: after(600))
    ledger.maintain(now: after(601))
    let folded = sums(&ledger, at: after(601))
    for second in 602..<610 { ledger.maintain(now: after(Int64(second))) }
    let count = ledger.seriesCount
    let again = sums(&ledger, at: after(610))
    ledger.line(.tokens, 5, "agent:a3,kind:output", at: after(611))
    let revived = sums(&ledger, at: after(611))
    // The halves of 30 series make 15 wholes when they come together.
    #expect(folded[0] >= before[0] && folded[0] <= before[0] + 15)
    #expect(folded.dropFirst() == before.dropFirst() && again.dropFirst() == before.dropFirst())
    #expect(again[0] >= folded[0] && again[0] <= before[0] + 15)
    #expect(revived[0] == again[0] + 5)
    #expect(count <= 4)
  }

  @Test("many accounts are looked at some at a time, each once a second, and what they used is kept")
  func slices() {
    let count = 2 * Ledger.accountsPerCall + 100
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: .fixed(.hours(1)))]) {
      $0.bounds.maxAccounts = 2 * count
    }
    for agent in 0..<count { ledger.line(.tokens, 1, "agent:a\(agent)", at: after(0)) }
    var left: [Int] = []
    var hasMore = true
    while hasMore, left.count < 10 {
      hasMore = ledger.maintainAccounts(now: after(3 * 3600))
      left.append(ledger.accounts.count)
    }
    let total = ledger.accountStatuses(now: after(3 * 3600)).reduce(0) { $0 + $1.usedTotal }
    // One is there for the sum of those that went.
    #expect(left == [count - Ledger.accountsPerCall + 1, count - 2 * Ledger.accountsPerCall + 1, 1])
    #expect(total == Quantity(count))
  }

  @Test("a series whose own account still has use or holds stays")
  func liveAccounts() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: .rolling(.hours(2))), .test("all", limit: 100)])
    {
      $0.bounds.seriesIdleExpiry = .minutes(10)
    }
    ledger.line(.tokens, 7, "agent:a", at: after(0))
    ledger.maintain(now: after(3600))
    let live = ledger.seriesByLabels(at: after(3600))
    ledger.maintain(now: after(3 * 3600))
    let idle = ledger.seriesByLabels(at: after(3 * 3600))
    #expect(live[#"agent="a",token_type="input""#]?.tokens == 7)
    #expect(idle[#"agent="a",token_type="input""#] == nil && idle.count == 1)
  }

  @Test("accounts with nothing used or held go after an hour; their totals stay in __other__")
  func idleAccounts() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: .fixed(.minutes(10)))])
    for agent in 0..<20 { ledger.use(5, tags(["agent": "a\(agent)"]), at: after(0)) }
    let id = ledger.hold(tokens(5), tags(["agent": "a3"]), ttl: .hours(20), at: after(0))!
    let shown = ledger.view(now: after(0)).accounts.reduce(0) { $0 + $1.account.usedTotal }
    ledger.maintain(now: after(3500))
    let before = ledger.accountCount
    ledger.maintain(now: after(3700))
    let statuses = ledger.accountStatuses(now: after(3700))
    let later = ledger.view(now: after(3700)).accounts.reduce(0) { $0 + $1.account.usedTotal }
    #expect(before == 20 && statuses.count == 2 && shown == 100 && later == 100)
    #expect(statuses.first { $0.tags[0].value == "a3" }?.reserved == 5)
    // A newcomer takes a place that was left; the hold still finds its own account.
    ledger.use(9, tags(["agent": "new"]), at: after(3800))
    _ = ledger.settle(id, actual: nil, now: after(3801))
    let readings = ledger.readings(at: after(3801)).map(\.used).sorted()
    let broken = ledger.checkInvariants()
    #expect(readings == [0, 5, 9] && broken == [])
  }

  @Test("a late settle does not touch the account that took the place of the one it held")
  func placesUsedAgain() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: .fixed(.minutes(10)))])
    let id = ledger.hold(tokens(50), tags(["agent": "old"]), ttl: .seconds(5), at: after(0))!
    ledger.maintain(now: after(10))
    ledger.maintain(now: after(4000))
    ledger.use(7, tags(["agent": "new"]), at: after(4001))
    _ = ledger.settle(id, actual: tokens(20), now: after(4002))
    let statuses = ledger.accountStatuses(now: after(4002))
    let broken = ledger.checkInvariants()
    #expect(statuses.first { $0.tags[0].value == "new" }?.used == 7)
    #expect(statuses.first { $0.tags[0].value == "old" }?.used == 20)
    #expect(broken == [])
  }

  @Test("scope values idle for a day make room when room is short")
  func idleScopes() {
    var ledger = makeLedger { $0.bounds.maxScopeValues = 20 }
    for agent in 0..<15 { ledger.use(1, tags(["agent": "a\(agent)"]), at: after(0)) }
    ledger.use(1, tags(["agent": "a3"]), at: after(86_400))
    ledger.maintain(now: after(2 * 86_400 - 100))
    let usage = ledger.usage(by: "agent", in: .day, top: 50, now: after(2 * 86_400 - 100))!
    ledger.use(4, tags(["agent": "b"]), at: after(2 * 86_400 - 99))
    let next = ledger.usage(by: "agent", in: .day, top: 50, now: after(2 * 86_400 - 99))!
    let values = ledger.view(now: after(2 * 86_400 - 99)).scopes.count
    #expect(usage.map(\.value) == ["a3"] && next.map(\.value) == ["b", "a3"] && values == 2)
  }
}
