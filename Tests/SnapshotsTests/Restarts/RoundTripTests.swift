import BudgetCore
import Snapshots
import Testing

@Suite("A restart")
struct RoundTripTests {
  @Test("keeps every number and every later decision", arguments: 1...40)
  func randomLedger(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let ledger = LedgerBox(settings: .varied, seed: generator.next())
    ledger.ledger.sequence = seed
    var ids: [ReservationID] = []
    var now = Moment(noon)
    func advance() { now = Moment(now.wall + .seconds(Int64.random(in: 1...200, using: &generator))) }
    for _ in 0..<300 {
      advance()
      _ = ledger.run(Act.random(using: &generator), &ids, now: now)
    }

    let restored = try ledger.restarted(from: now, at: now)
    _ = ledger.told()
    #expect(restored.warnings.isEmpty)
    #expect(restored.picture(now: now) == ledger.picture(now: now), "seed \(seed)")
    for step in 0..<300 {
      advance()
      let act = Act.random(using: &generator)
      var otherIDs = ids
      let expected = ledger.run(act, &ids, now: now)
      let actual = restored.run(act, &otherIDs, now: now)
      #expect(actual == expected, "seed \(seed), step \(step): \(act)")
      #expect(restored.told() == ledger.told(), "seed \(seed), step \(step): \(act)")
      if actual != expected { return }
    }
    #expect(restored.picture(now: now) == ledger.picture(now: now), "seed \(seed)")
  }

  @Test("of a restart keeps every number", arguments: 1...5)
  func twice(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let ledger = LedgerBox(settings: .varied, seed: 1)
    var ids: [ReservationID] = []
    for step in 0..<200 {
      _ = ledger.run(Act.random(using: &generator), &ids, now: .after(.seconds(Int64(step) * 20)))
    }
    let later = Moment.after(.seconds(4_000))
    let once = try ledger.restarted(from: later, at: later)
    let again = try once.restarted(from: later, at: later)
    #expect(again.picture(now: later) == ledger.picture(now: later))
  }

  @Test("of an empty ledger gives an empty ledger")
  func empty() throws {
    let now = Moment(noon)
    let ledger = LedgerBox(settings: .varied, seed: 1)
    let restored = try ledger.restarted(from: now, at: now)
    let fresh = LedgerBox(settings: .varied, seed: 1)
    #expect(restored.picture(now: now) == fresh.picture(now: now))
  }

  @Test("stores every counter that the ledger has")
  func counters() {
    let stored = LedgerCounters().named.count
    let rejected = RejectReason.allCases.count
    // The reasons of refusal are one stored property and many names.
    #expect(Mirror(reflecting: LedgerCounters()).children.count == stored - rejected + 1)
    #expect(Set(LedgerCounters().named.map(\.name)).count == stored)
  }

  @Test("recognises usage that arrives again")
  func duplicates() throws {
    let ledger = LedgerBox(settings: .single(.fixed(.hours(24))), seed: 1)
    ledger.use(100, id: "call-1", now: .after(.zero))
    let soon = try ledger.restarted(from: .after(.seconds(1)), at: .after(.minutes(14)))
    soon.use(100, id: "call-1", now: .after(.minutes(14)))
    #expect(soon.status("b", now: .after(.minutes(14)))?.used == 100)
    #expect(soon.duplicates == 1)
    let late = try ledger.restarted(from: .after(.seconds(1)), at: .after(.minutes(31)))
    late.use(100, id: "call-1", now: .after(.minutes(31)))
    #expect(late.status("b", now: .after(.minutes(31)))?.used == 200)
  }

  @Test("keeps what counters showed, even after a refund")
  func shownTotals() throws {
    let ledger = LedgerBox(settings: .single(.fixed(.hours(24))), seed: 1)
    let id = try #require(ledger.hold(500, ttl: .minutes(1), now: .after(.zero)))
    _ = ledger.view(now: .after(.minutes(2)))
    _ = ledger.settle(id, output: 10, now: .after(.minutes(2)))
    let restored = try ledger.restarted(from: .after(.minutes(3)), at: .after(.minutes(3)))
    #expect(restored.view(now: .after(.minutes(3))).accounts.map(\.account.usedTotal) == [500])
    #expect(restored.status("b", now: .after(.minutes(3)))?.used == 10)
  }
}
