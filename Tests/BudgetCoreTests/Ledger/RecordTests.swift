import Testing

@testable import BudgetCore

@Suite("Usage objects")
struct RecordTests {
  @Test("a call's duration, items and cost count in its series beside its tokens")
  func everything() {
    var ledger = makeLedger()
    var spend = Spend(tokens: [TokenAmount(kind: .output, count: 5)], cost: 7, requests: 1)
    spend.items = 3
    _ = ledger.record(spend, tags: tags(["agent": "a"]), duration: 20_000_000, now: after(0))
    _ = ledger.record(spend, tags: tags(["agent": "a"]), duration: 20_000_001, now: after(1))
    let view = ledger.view(now: after(2))
    let call = ledger.seriesByLabels(at: after(2))["agent=\"a\""]
    #expect(call?.items == 6 && call?.requests == 2 && call?.cost == 14)
    guard let row = call?.histogram, row >= 0 else {
      Issue.record("no histogram")
      return
    }
    // At most 20 ms, and at most 40 ms.
    let counts = (0..<4).map { view.histograms[Int(row)].counts[$0] }
    #expect(counts == [0, 1, 1, 0])
  }

  @Test("A18: tokens that name an allocation count against it too, by what they were for")
  func allocation() {
    var ledger = makeLedger(pool: .test())
    let id = ledger.grant(.high).id
    let spend = Spend(tokens: [
      TokenAmount(kind: .other("lookup"), count: 100), TokenAmount(kind: .reasoning, count: 20),
      TokenAmount(kind: .output, count: 3),
    ])
    _ = ledger.record(spend, tags: tags(["agent": "a", "allocation": id.text]), now: after(0))
    let report = ledger.allocationReport(id, now: after(1))
    #expect(report?.allocation.used == AllocationUsage(lookup: 100, reasoning: 20, untyped: 3))
    let labels = ledger.seriesByLabels(at: after(1)).keys
    #expect(labels.allSatisfy { !$0.contains(id.text) })
    _ = ledger.releaseAllocation(id, now: after(2))
    let gone = ledger.allocationReport(id, now: after(2))
    #expect(gone == nil)
  }

  @Test("a stopped agent or task is granted no allocation until it is resumed", arguments: ["agent", "task"])
  func stopped(key: String) {
    var ledger = makeLedger(pool: .test())
    let subject = Tag(key: key, value: key == "agent" ? "a" : "t")
    ledger.stopSubject(subject, reason: "loops", now: after(0))
    let request = AllocationRequest(pool: "p", agent: "a", task: "t")
    guard case .stopped(let stop) = ledger.allocate(request, secret: 1, now: after(1)) else {
      Issue.record("granted")
      return
    }
    let denials = ledger.counters.stoppedDenials
    #expect(stop.subject == subject && stop.reason == "loops" && denials == 1)
    _ = ledger.resumeSubject(subject, now: after(2))
    let grant = ledger.grant(.low).grant
    #expect(grant == .granted(32_000, lookup: 28_800, reasoning: 3_200))
  }
}
