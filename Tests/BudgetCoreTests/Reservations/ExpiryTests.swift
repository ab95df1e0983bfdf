import Testing

@testable import BudgetCore

@Suite("Expired reservations")
struct ExpiryTests {
  @Test(
    "a hold that nobody settles is charged or refunded as the budget says",
    arguments: [(Budget.ExpiryPolicy.charge, Quantity(50)), (.refund, 0)] as [(Budget.ExpiryPolicy, Quantity)])
  func policy(policy: Budget.ExpiryPolicy, used: Quantity) {
    var ledger = makeLedger([.test(limit: 100, onExpiry: policy)])
    let id = ledger.hold(tokens(50), ttl: .seconds(10), at: after(0))!
    let before = ledger.readings(at: Moment(after(10).wall - Interval(nanoseconds: 1)))
    let then = ledger.readings(at: after(10))
    #expect(before == [Reading(used: 0, reserved: 50)] && then == [Reading(used: used)])
    if case .closed = ledger.release(id, now: after(11)) {} else { Issue.record("released after its end") }
    #expect(ledger.counters.reservationsExpiredCharged == (used > 0 ? 1 : 0))
    #expect(ledger.counters.reservationsExpiredRefunded == (used > 0 ? 0 : 1))
  }

  @Test(
    "a late settle replaces the charge, once",
    arguments: Budget.ExpiryPolicy.allCases,
    [WindowRule.lifetime(idleExpiry: nil), .rolling(.hours(1)), .fixed(.hours(1))])
  func lateSettle(policy: Budget.ExpiryPolicy, window: WindowRule) {
    var ledger = makeLedger([.test(limit: 100, window: window, onExpiry: policy)])
    let id = ledger.hold(tokens(50), ttl: .seconds(10), at: after(0))!
    ledger.use(7, at: after(100))
    _ = ledger.settle(id, actual: tokens(20), now: after(200))
    _ = ledger.settle(id, actual: tokens(20), now: after(201))
    let statuses = ledger.accountStatuses(now: after(201))
    let broken = ledger.checkInvariants()
    #expect(statuses.map(\.used) == [27] && statuses.map(\.usedTotal) == [27] && broken == [])
  }

  @Test(
    "a charge whose window has gone is taken from the total only",
    arguments: [WindowRule.rolling(.hours(1)), .fixed(.hours(1)), .lifetime(idleExpiry: .hours(1))])
  func lateSettleInAnotherWindow(window: WindowRule) {
    var ledger = makeLedger([.test(limit: 100, window: window)])
    let id = ledger.hold(tokens(50), ttl: .seconds(10), at: after(0))!
    ledger.maintain(now: after(20))
    let now = after(4 * 3600)
    ledger.use(1, at: now)
    _ = ledger.settle(id, actual: tokens(20), now: now)
    let statuses = ledger.accountStatuses(now: now)
    let broken = ledger.checkInvariants()
    #expect(statuses.map(\.used) == [21] && statuses.map(\.usedTotal) == [21] && broken == [])
  }

  @Test("the charge falls into the window of the deadline, however late anybody looks")
  func chargedAtTheDeadline() {
    for window in [WindowRule.rolling(.hours(1)), .fixed(.hours(1)), .lifetime(idleExpiry: .hours(1))] {
      var ledger = makeLedger([.test(limit: 100, window: window)])
      _ = ledger.hold(tokens(50), ttl: .seconds(10), at: after(0))
      let statuses = ledger.accountStatuses(now: after(3 * 3600))
      #expect(statuses.map(\.used) == [0] && statuses.map(\.usedTotal) == [50] && statuses.map(\.reserved) == [0])
    }
  }

  @Test("a late settle of the same amount crosses nothing back and forth")
  func silentReplacement() {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(100), ttl: .seconds(10), at: after(0))!
    ledger.maintain(now: after(20))
    let expired = ledger.told()
    _ = ledger.settle(id, actual: nil, now: after(30))
    let settled = ledger.told()
    #expect(expired == [.warn, .exhausted] && settled == [])
  }

  @Test("a late settle of less lets use resume, told once, by line or by call", arguments: [false, true])
  func resumed(byLine: Bool) {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(100), ttl: .seconds(10), at: after(0))!
    ledger.maintain(now: after(20))
    _ = ledger.takeEvents()
    if byLine {
      ledger.line(.tokens, 85, "reservation:\(id.text)", at: after(30))
    } else {
      _ = ledger.settle(id, actual: tokens(85), now: after(30))
    }
    let resumed = ledger.told()
    ledger.use(15, at: after(40))
    let again = ledger.told()
    #expect(resumed == [.resume] && again == [.exhausted])
  }

  @Test("expiry by the thousand, in any order of deadlines, leaves no hold behind")
  func many() {
    var random = ZoneRandom("expiry")
    var ledger = makeLedger([.test(limit: nil), .test("refunded", limit: nil, onExpiry: .refund)])
    var deadlines: [Int64] = []
    for _ in 0..<3000 {
      let ttl = Int64.random(in: 1...5000, using: &random)
      _ = ledger.hold(tokens(1), ttl: .seconds(ttl), at: after(0))
      deadlines.append(ttl)
    }
    for second in stride(from: Int64(0), through: 5000, by: 250) {
      ledger.maintain(now: after(second))
      let ended = Quantity(deadlines.count { $0 <= second })
      let charged = ledger.readings(at: after(second))
      let refunded = ledger.readings("refunded", at: after(second))
      #expect(charged == [Reading(used: ended, reserved: 3000 - ended)])
      #expect(refunded == [Reading(used: 0, reserved: 3000 - ended)])
      #expect(ledger.checkInvariants() == [])
    }
  }

  @Test("deadlines of holds that ended early do not pile up")
  func staleDeadlines() {
    var table = ReservationTable(capacity: 10)
    for number in 0..<10_000 {
      let slot = table.open(
        tags: .empty, spend: Spend(), deadline: Instant(seconds: Int64(10_000 + number % 777)), secret: 1)
      table.close(slot, as: .settled)
    }
    let last = table.open(tags: .empty, spend: Spend(), deadline: Instant(seconds: 5), secret: 1)
    let (places, open) = (table.slots.count, table.openCount)
    let first = table.nextExpired(now: Instant(seconds: 5))
    table.close(last, as: .expired)
    let next = table.nextExpired(now: .distantFuture)
    #expect(places <= 20 && open == 1 && first == last && next == nil)
  }
}
