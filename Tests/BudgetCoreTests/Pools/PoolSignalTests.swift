import Testing

@testable import BudgetCore

@Suite("Signals of an allocation")
struct PoolSignalTests {
  @Test("A17: warn at 0.85, stop at 1.0, once each")
  func once() {
    var ledger = makeLedger(pool: .test(tokens: 1000))
    let id = ledger.grant(.critical).id
    _ = ledger.spend(id, 849)
    #expect(ledger.signals() == [])
    _ = ledger.spend(id, 1)
    #expect(ledger.signals() == ["warn"])
    _ = ledger.spend(id, 149)
    #expect(ledger.signals() == [])
    _ = ledger.spend(id, 1)
    #expect(ledger.signals() == ["stop"])
    _ = ledger.spend(id, 500)
    #expect(ledger.signals() == [])
    #expect(ledger.pool().allocations[0].allocation.isStopped)
  }

  @Test("A17: a jump over both sends both, and says whose it is")
  func jump() throws {
    var ledger = makeLedger(pool: .test(tokens: 1000))
    _ = ledger.spend(ledger.grant(.critical, agent: "scout").id, 1000)
    let events = ledger.takeEvents().compactMap(\.budgetEvent)
    #expect(events.map(\.name) == ["warn", "stop"])
    let stop = try #require(events.last)
    #expect(stop.budget == "p" && stop.used == 1000 && stop.limit == 1000)
    #expect(stop.tags.map { "\($0.key)=\($0.value)" } == ["agent=scout", "task=t", "allocation=1"])
  }

  @Test("A17: a top-up of the allocation resumes it, and it can be stopped again")
  func topUp() {
    var ledger = makeLedger(pool: .test(tokens: 1000))
    let id = ledger.grant(.critical).id
    _ = ledger.spend(id, 1100)
    _ = ledger.signals()
    guard case .toppedUp(let report) = ledger.topUpPool("p", tokens: 1000, allocation: id.number, now: after(1)) else {
      Issue.record("not topped up")
      return
    }
    #expect(ledger.signals() == ["resume"])
    #expect(report.total == 2000 && report.available == 0)
    #expect(report.allocations[0].allocation.lookup == 1800)
    _ = ledger.spend(id, 900)
    #expect(ledger.signals() == ["warn", "stop"])
  }

  @Test("A17: a top-up of the pool is free for whoever asks next, and stops nobody")
  func topUpOfPool() {
    var ledger = makeLedger(pool: .test(tokens: 1000))
    _ = ledger.grant(.critical)
    #expect(ledger.grant(.low).grant == .denied(demand: 500))
    _ = ledger.topUpPool("p", tokens: 200, allocation: nil, now: after(1))
    #expect(ledger.grant(.low).grant == .granted(200, lookup: 180, reasoning: 20))
    guard case .unknownAllocation = ledger.topUpPool("p", tokens: 1, allocation: 99, now: after(1)) else {
      Issue.record("topped up what is not there")
      return
    }
    #expect(ledger.signals() == [])
  }

  @Test("A17: the window's turn resumes whoever was stopped")
  func windowTurn() {
    var ledger = makeLedger(pool: .test(tokens: 1000, window: .fixed(.hours(1))))
    _ = ledger.spend(ledger.grant(.critical).id, 1000)
    _ = ledger.signals()
    ledger.maintain(now: after(3599))
    #expect(ledger.signals() == [])
    ledger.maintain(now: after(3600))
    #expect(ledger.signals() == ["resume"])
    #expect(ledger.pool(at: after(3600)).used.total == 0)
    #expect(ledger.standing(at: after(3600)) == [1000, 0, 0])
  }
}
