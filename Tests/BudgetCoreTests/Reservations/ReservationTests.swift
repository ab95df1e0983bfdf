import Testing

@testable import BudgetCore

@Suite("Reservations")
struct ReservationTests {
  @Test("B12: of 50 callers for 10 places, 10 are served")
  func fiftyForTen() {
    var ledger = makeLedger([.test(limit: 10, unit: .requests), .test("tokens", limit: 1_000_000)])
    let ids = (0..<50).map {
      ledger.hold(Spend(tokens: [TokenAmount(kind: .input, count: 5)], requests: 1), secret: $0, at: after(0))
    }
    let readings = ledger.readings(at: after(0)) + ledger.readings("tokens", at: after(0))
    #expect(ids.count { $0 != nil } == 10)
    #expect(readings == [Reading(used: 0, reserved: 10), Reading(used: 0, reserved: 50)])
    _ = ledger.release(ids[3]!, now: after(1))
    let next = ledger.hold(Spend(requests: 1), at: after(1))
    let another = ledger.hold(Spend(requests: 1), at: after(1))
    #expect(next != nil && another == nil)
  }

  @Test(
    "A2: a settle counts what was really used and answers with the accounts", arguments: [0, 30, 50, 80] as [Int64])
  func settle(actual: Int64) {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(50), at: after(0))!
    guard case .settled(let accounts, let isRepeat) = ledger.settle(id, actual: tokens(actual), now: after(1)) else {
      Issue.record("unknown")
      return
    }
    #expect(!isRepeat && accounts.map(\.used) == [Quantity(actual)] && accounts.map(\.reserved) == [0])
    #expect(accounts[0].remaining == Quantity(100 - actual))
  }

  @Test("settling twice counts once")
  func idempotent() {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(50), at: after(0))!
    _ = ledger.settle(id, actual: tokens(20), now: after(1))
    for second in 2..<5 {
      guard case .settled(let accounts, let isRepeat) = ledger.settle(id, actual: tokens(99), now: after(Int64(second)))
      else {
        Issue.record("unknown")
        return
      }
      #expect(isRepeat && accounts.map(\.used) == [20])
    }
    if case .closed = ledger.release(id, now: after(9)) {} else { Issue.record("a settled hold was released") }
    #expect(ledger.counters.reservationsSettled == 1)
  }

  @Test("a release gives everything back, and may come twice")
  func release() {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(50), at: after(0))!
    for second in 1..<3 {
      guard case .released(let accounts) = ledger.release(id, now: after(Int64(second))) else {
        Issue.record("not released")
        return
      }
      #expect(accounts.map(\.remaining) == [100])
    }
    #expect(ledger.counters.reservationsReleased == 1)
  }

  @Test("a settle after the release counts, once")
  func settleAfterRelease() {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(50), at: after(0))!
    _ = ledger.release(id, now: after(1))
    for second in 2..<5 { _ = ledger.settle(id, actual: tokens(30), now: after(Int64(second))) }
    let readings = ledger.readings(at: after(5))
    #expect(readings == [Reading(used: 30)])
  }

  @Test("an id with another secret, serial or place is unknown")
  func secrets() {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(50), secret: 0xABCDEF, at: after(0))!
    var forged = [ReservationID](repeating: id, count: 4)
    forged[0].secret ^= 1
    forged[1].serial += 1
    forged[2].slot += 1
    forged[3].slot = .max
    for other in forged {
      if case .unknown = ledger.settle(other, actual: nil, now: after(1)) {} else { Issue.record("settled \(other)") }
      if case .unknown = ledger.release(other, now: after(1)) {} else { Issue.record("released \(other)") }
    }
    let readings = ledger.readings(at: after(1))
    #expect(readings == [Reading(used: 0, reserved: 50)])
  }

  @Test("ids are written as 32 digits and read back, and nothing else is read")
  func ids() {
    var random = ZoneRandom("ReservationID")
    for _ in 0..<200 {
      let id = ReservationID(
        slot: random.next(), serial: random.next() & 3, secret: random.next() >> random.next() % 64)
      #expect(id.text.utf8.count == 32 && ReservationID(text: id.text) == id)
      #expect(ReservationID(text: id.text.uppercased()) == id)
    }
    for text in [
      "", "0", String(repeating: "0", count: 31), String(repeating: "0", count: 33),
      "g" + String(repeating: "0", count: 31), String(repeating: "é", count: 16),
    ] {
      #expect(ReservationID(text: text) == nil)
    }
  }

  @Test("a full table says so, and has room again when one ends")
  func tableFull() {
    var ledger = makeLedger([.test(limit: nil)]) { $0.bounds.maxReservations = 5 }
    let ids = (0..<5).map { _ in ledger.hold(tokens(1), at: after(0)) }
    let request = SpendRequest(tags: .empty, spend: tokens(1))
    if case .tableFull = ledger.reserve(request, ttl: nil, secret: 1, now: after(0)) {
    } else {
      Issue.record("not full")
    }
    _ = ledger.release(ids[0]!, now: after(1))
    let next = ledger.hold(tokens(1), at: after(1))
    #expect(ids.allSatisfy { $0 != nil } && next != nil)
  }

  @Test("places are used again, and an old id does not reach the new reservation")
  func reuse() {
    var ledger = makeLedger([.test(limit: nil)]) { $0.bounds.maxReservations = 3 }
    var all: [ReservationID] = []
    for second in 0..<200 {
      let id = ledger.hold(tokens(1), secret: 7, at: after(Int64(second)))!
      _ = ledger.settle(id, actual: nil, now: after(Int64(second)))
      all.append(id)
    }
    let last = ledger.hold(tokens(1), secret: 7, at: after(300))!
    #expect(Set(all + [last]).count == 201)
    var known = 0
    for id in all {
      if case .settled(_, isRepeat: true) = ledger.settle(id, actual: nil, now: after(301)) { known += 1 }
    }
    let readings = ledger.readings(at: after(301))
    let broken = ledger.checkInvariants()
    #expect(readings == [Reading(used: 200, reserved: 1)] && broken == [])
    // As many closed ones are remembered as may be open.
    #expect(known >= 2 && known <= 3)
  }

  @Test("a reservation without any budget is granted and settles")
  func noBudget() {
    var ledger = makeLedger()
    let id = ledger.hold(tokens(5), tags(["agent": "a"]), at: after(0))
    let settled = ledger.settle(id!, actual: nil, now: after(1))
    guard case .settled(let accounts, false) = settled else {
      Issue.record("unknown")
      return
    }
    let series = ledger.seriesByLabels(at: after(1))
    #expect(accounts.isEmpty && series[#"agent="a",token_type="input""#]?.tokens == 5)
  }

  @Test("the time to live is what was asked, within bounds, or the shortest of the budgets'")
  func timeToLive() {
    var short = Budget.test("short", limit: nil)
    short.reservationTTL = .minutes(2)
    var ledger = makeLedger([.test(limit: nil), short])
    func expiry(_ ttl: Interval?) -> Interval? {
      let request = SpendRequest(tags: .empty, spend: tokens(1))
      guard case .granted(_, _, let expiresAt) = ledger.reserve(request, ttl: ttl, secret: 1, now: after(0)) else {
        return nil
      }
      return expiresAt - after(0).wall
    }
    #expect(expiry(nil) == .minutes(2))
    #expect(expiry(.minutes(30)) == .minutes(30))
    #expect(expiry(.days(900)) == Ledger.longestTTL)
    #expect(expiry(Interval(nanoseconds: -5)) == .milliseconds(1))
  }
}
