import Testing

@testable import BudgetCore

/// 128,000 tokens for agents of several priorities, from the first allocation to the report at the end.
@Suite("Example: a pool of 128,000 tokens")
struct SharedPoolTests {
  @Test("A12, A13, A14, A19: HIGH gets 96,000, NORMAL the other 32,000, CRITICAL nothing")
  func withoutReserve() {
    var ledger = makeLedger(pool: .test())
    let high = ledger.grant(.high, agent: "triage").grant
    let normal = ledger.grant(.normal, agent: "report").grant
    let critical = ledger.grant(.critical, agent: "incident").grant
    #expect(high == .granted(96_000, lookup: 86_400, reasoning: 9_600))
    #expect(normal == .granted(32_000, lookup: 28_800, reasoning: 3_200))
    #expect(critical == .denied(demand: 128_000))
  }

  @Test("A26: with a quarter kept for CRITICAL, the late incident gets 32,000")
  func withReserve() {
    var ledger = makeLedger(pool: .test(reserve: 250_000))
    let high = ledger.grant(.high, agent: "triage").grant
    let normal = ledger.grant(.normal, agent: "report").grant
    let critical = ledger.grant(.critical, agent: "incident").grant
    #expect(high == .granted(96_000, lookup: 86_400, reasoning: 9_600))
    #expect(normal == .denied(demand: 64_000))
    #expect(critical == .granted(32_000, lookup: 28_800, reasoning: 3_200))
  }

  @Test("A17, A22, A23, A24: use is told at 85 % and 100 %, a release gives everything back, the report adds up")
  func fromStartToEnd() {
    var ledger = makeLedger(pool: .test())
    let triage = ledger.grant(.high, agent: "triage").id
    let report = ledger.grant(.normal, agent: "report").id
    // 85 % of 96,000 are 81,600.
    _ = ledger.spend(triage, lookup: 81_599)
    let quiet = ledger.signals()
    _ = ledger.spend(triage, lookup: 1)
    let warned = ledger.signals()
    _ = ledger.spend(triage, reasoning: 14_400)
    let stopped = ledger.signals()
    #expect(quiet == [] && warned == ["warn"] && stopped == ["stop"])
    _ = ledger.spend(report, lookup: 1_000)

    let busy = ledger.pool()
    #expect(busy.total == 128_000 && busy.available == 0 && busy.utilisation == 1 && busy.activeAgents == 2)
    #expect(busy.used == AllocationUsage(lookup: 82_600, reasoning: 14_400))
    #expect(busy.allocations.map(\.allocation.isStopped) == [true, false])
    #expect(busy.allocations.map(\.allocation.remaining) == [0, 31_000])

    let record = ledger.releaseAllocation(triage, now: after(60))?.record
    #expect(record?.ending == .released && record?.allocation.used.total == 96_000)
    let free = ledger.pool(at: after(60))
    #expect(free.available == 96_000 && free.utilisation == 0.25 && free.activeAgents == 1 && free.historyCount == 1)
  }
}
