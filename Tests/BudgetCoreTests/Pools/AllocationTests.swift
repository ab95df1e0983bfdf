import Testing

@testable import BudgetCore

@Suite("An allocation of a pool")
struct AllocationTests {
  @Test("A12: is split 90/10 into lookup and reasoning; the worked example")
  func workedExample() {
    var ledger = makeLedger(pool: .test())
    #expect(ledger.grant(.high).grant == .granted(96_000, lookup: 86_400, reasoning: 9_600))
    #expect(ledger.grant(.normal).grant == .granted(32_000, lookup: 28_800, reasoning: 3_200))
    #expect(ledger.grant(.critical).grant == .denied(demand: 128_000))
    #expect(ledger.standing() == [128_000, 0, 0])
  }

  @Test("A12: of an odd number of tokens loses none in the split")
  func oddSplit() {
    var ledger = makeLedger(pool: .test(tokens: 5))
    #expect(ledger.grant(.critical).grant == .granted(5, lookup: 4, reasoning: 1))
  }

  @Test(
    "A13: asks for 25, 50, 75 or 100 % of the pool by priority",
    arguments: [(Priority.low, 25_000), (.normal, 50_000), (.high, 75_000), (.critical, 100_000)] as [(Priority, Int64)]
  )
  func share(priority: Priority, granted: Int64) {
    var ledger = makeLedger(pool: .test(tokens: 100_000))
    _ = ledger.grant(priority)
    #expect(ledger.pool().allocatedTotal == Quantity(granted))
  }

  @Test(
    "A13: asks a small pool for the minimum of its priority",
    arguments: [(Priority.low, 500), (.normal, 1000), (.high, 2000), (.critical, 4000)] as [(Priority, Int64)])
  func minimum(priority: Priority, demand: Int64) {
    #expect(priority.demand(ofPool: 1) == Quantity(demand))
    #expect(priority.demand(ofPool: 4_000_000) > Quantity(demand))
  }

  @Test("A14: is never more than is free", arguments: [1, 499, 500, 501] as [Int64])
  func neverMoreThanFree(tokens: Int64) {
    var ledger = makeLedger(pool: .test(tokens: Quantity(tokens)))
    _ = ledger.grant(.low)
    #expect(ledger.standing() == [Quantity(min(500, tokens)), 0, Quantity(max(0, tokens - 500))])
  }

  @Test("A15: counts use by kind, and refuses one kind past its share only where the split is enforced")
  func split() {
    var loose = makeLedger(pool: .test())
    let free = loose.grant(.high).id
    #expect(loose.spend(free, lookup: 10, reasoning: 9_601) == .counted(used: 9_611))
    var strict = makeLedger(pool: .test(enforceSplit: true))
    let id = strict.grant(.high).id
    #expect(strict.spend(id, reasoning: 9_600) == .counted(used: 9_600))
    #expect(strict.signals() == ["warn", "stop"])
    #expect(strict.spend(id, reasoning: 1) == .exceeded(used: 9_601))
    #expect(strict.signals() == [])
    #expect(strict.pool().used == AllocationUsage(reasoning: 9_601))
  }

  @Test("A16: is never more than the cap; a cap of 0 grants nothing")
  func cap() {
    var ledger = makeLedger(pool: .test())
    #expect(ledger.grant(.critical, cap: 1000).grant == .granted(1000, lookup: 900, reasoning: 100))
    #expect(ledger.grant(.low, cap: 1_000_000).grant == .granted(32_000, lookup: 28_800, reasoning: 3_200))
    #expect(ledger.grant(.critical, cap: 0).grant == .denied(demand: 0))
    #expect(ledger.grant(.critical, cap: -5).grant == .denied(demand: 0))
    #expect(ledger.pool().tally[denied: .critical] == 2)
  }

  @Test("A18: refuses use past the grant and counts it; an exact fit is granted")
  func exceeded() {
    var ledger = makeLedger(pool: .test(tokens: 1000))
    let id = ledger.grant(.normal).id
    #expect(ledger.spend(id, 1000) == .counted(used: 1000))
    #expect(ledger.spend(id, 1) == .exceeded(used: 1001))
    #expect(ledger.spend(id, 0) == .exceeded(used: 1001))
    #expect(ledger.pool().tally[.exceeded] == 2)
    #expect(ledger.pool().tally.used.total == 1001)
    #expect(ledger.pool().allocations[0].allocation.remaining == 0)
  }

  @Test("A19: of an empty pool is denied, not an empty grant that nobody stops")
  func emptyPool() {
    var ledger = makeLedger(pool: .test(tokens: 0))
    for priority in Priority.allCases {
      #expect(ledger.grant(priority).grant == .denied(demand: priority.demand(ofPool: 0)))
    }
    #expect(ledger.pool().allocations.isEmpty)
  }

  @Test("A20: is one more when the same agent asks again")
  func twice() {
    var ledger = makeLedger(pool: .test())
    let first = ledger.grant(.low, agent: "same")
    let second = ledger.grant(.low, agent: "same")
    #expect(first.id != second.id)
    _ = ledger.spend(first.id, 10)
    _ = ledger.spend(second.id, 20)
    let report = ledger.pool()
    #expect(report.allocations.map(\.allocation.used.total) == [10, 20])
    #expect(report.activeAgents == 1)
    #expect(report.allocatedTotal == 64_000)
  }

  @Test("is bounded in number, and of an unknown pool is none")
  func bounds() {
    var ledger = makeLedger(pool: .test(), maxAllocations: 2)
    _ = ledger.grant(.low, cap: 1)
    let second = ledger.grant(.low, cap: 1).id
    #expect(ledger.grant(.low, cap: 1).grant == .tableFull)
    _ = ledger.releaseAllocation(second, now: after(0))
    #expect(ledger.grant(.low, cap: 1).grant == .granted(1, lookup: 0, reasoning: 1))
    var none = makeLedger()
    #expect(none.grant(.low).grant == .unknownPool)
  }

  @Test("is neither used nor released without its secret")
  func secret() {
    var ledger = makeLedger(pool: .test())
    var forged = ledger.grant(.low).id
    forged.secret &+= 1
    #expect(ledger.spend(forged, 5) == .unknown)
    #expect(ledger.releaseAllocation(forged, now: after(0)) == nil)
    #expect(ledger.pool().used.total == 0)
  }

  @Test("counts tokens of usage lines and bodies that name it, by their type")
  func lines() {
    var ledger = makeLedger(pool: .test())
    let id = ledger.grant(.low).id.text
    ledger.line(.tokens, 7, "agent:a,allocation:\(id)", at: after(0))
    ledger.line(.tokens, 5, "agent:a,kind:reasoning,allocation:\(id)", at: after(0))
    ledger.line(.tokens, 3, "agent:a,kind:lookup,allocation:\(id)", at: after(0))
    ledger.use(11, tags(["agent": "a", "allocation": id]), at: after(0))
    #expect(ledger.pool().used == AllocationUsage(lookup: 3, reasoning: 5, untyped: 18))
    let labels = ledger.seriesByLabels(at: after(0)).keys
    #expect(!labels.isEmpty && labels.allSatisfy { !$0.contains(id) })
    ledger.line(.tokens, 2, "agent:a,allocation:mine", at: after(0))
    #expect(ledger.pool().used.total == 26)
  }
}
