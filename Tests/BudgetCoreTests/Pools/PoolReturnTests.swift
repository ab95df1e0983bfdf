import Testing

@testable import BudgetCore

@Suite("What comes back to a pool")
struct PoolReturnTests {
  @Test("A22: a release returns the whole window, with a final record")
  func release() throws {
    var ledger = makeLedger(pool: .test())
    let id = ledger.grant(.high, agent: "scout").id
    _ = ledger.spend(id, lookup: 70, reasoning: 30)
    let released = ledger.releaseAllocation(id, now: after(9))
    let record = try #require(released?.record)
    #expect(record.ending == .released && record.endedAt == after(9).wall)
    #expect(record.allocation.agent == "scout" && record.allocation.granted == 96_000)
    #expect(record.allocation.used == AllocationUsage(lookup: 70, reasoning: 30))
    #expect(ledger.standing() == [0, 0, 128_000])
    #expect(ledger.pool().historyCount == 1)
  }

  @Test("A22: a second release answers the same record and returns nothing more")
  func releaseTwice() {
    var ledger = makeLedger(pool: .test())
    let id = ledger.grant(.high).id
    let first = ledger.releaseAllocation(id, now: after(1))
    let second = ledger.releaseAllocation(id, now: after(2))
    #expect(first?.record != nil && first?.record == second?.record)
    #expect(ledger.pool().tally[.released] == 1)
    #expect(ledger.standing() == [0, 0, 128_000])
  }

  @Test("A22: use after the release is counted and stops nobody")
  func late() {
    var ledger = makeLedger(pool: .test())
    let id = ledger.grant(.low).id
    _ = ledger.spend(id, 10)
    _ = ledger.releaseAllocation(id, now: after(1))
    #expect(ledger.spend(id, 5, at: after(2)) == .closed(used: 15))
    #expect(ledger.pool().tally.used.total == 15)
    #expect(ledger.signals() == [])
  }

  @Test("A22: of a pool with a window, what was used is spent until the window turns")
  func spent() {
    var ledger = makeLedger(pool: .test(tokens: 1000, window: .calendar(CalendarRule(period: .day))))
    let id = ledger.grant(.critical).id
    _ = ledger.spend(id, 300)
    _ = ledger.releaseAllocation(id, now: after(1))
    #expect(ledger.standing(at: after(1)) == [0, 300, 700])
    #expect(ledger.standing(at: after(12 * 3600)) == [0, 0, 1000])
  }

  @Test("use past the grant takes nothing from others when it comes back")
  func overuse() {
    var ledger = makeLedger(pool: .test(tokens: 1000, window: .fixed(.hours(1))))
    let id = ledger.grant(.low, cap: 100).id
    _ = ledger.spend(id, 5000)
    _ = ledger.releaseAllocation(id, now: after(1))
    #expect(ledger.standing(at: after(1)) == [0, 100, 900])
  }

  @Test("a leaked allocation comes back after its time, the request's before the pool's")
  func expiry() {
    var ledger = makeLedger(pool: .test(ttl: .minutes(10)))
    let short = ledger.grant(.low, ttl: .seconds(5)).id
    _ = ledger.grant(.low)
    #expect(ledger.pool(at: after(4)).allocations.count == 2)
    #expect(ledger.standing(at: after(5)) == [32_000, 0, 96_000])
    #expect(ledger.standing(at: after(600)) == [0, 0, 128_000])
    #expect(ledger.pool(at: after(600)).tally[.expired] == 2)
    let record = ledger.releaseAllocation(short, now: after(601))
    #expect(record?.record.ending == .expired)
  }

  @Test("A23: the health report says who holds what")
  func health() throws {
    var ledger = makeLedger(pool: .test(tokens: 100_000))
    _ = ledger.spend(ledger.grant(.low, agent: "x").id, 25_000)
    _ = ledger.grant(.normal, agent: "y")
    _ = ledger.releaseAllocation(ledger.grant(.low, agent: "z").id, now: after(0))
    let report = ledger.pool()
    #expect(report.total == 100_000 && report.available == 25_000)
    #expect(report.utilisation == 0.75)
    #expect(report.activeAgents == 2)
    let first = try #require(report.allocations.first?.allocation)
    #expect(first.agent == "x" && first.task == "t" && first.granted == 25_000 && first.remaining == 0)
    #expect(report.allocations.map(\.allocation.isStopped) == [true, false])
  }

  @Test("A24: the history counts on and remembers a bounded number")
  func history() {
    var ledger = makeLedger(pool: .test())
    for _ in 0..<(PoolState.longestHistory + 20) {
      _ = ledger.releaseAllocation(ledger.grant(.low).id, now: after(0))
    }
    #expect(ledger.pool().historyCount == 120)
    #expect(ledger.pools.states[0].history.count == PoolState.longestHistory)
  }
}
