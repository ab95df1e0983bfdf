import BudgetCore
import Snapshots
import Testing

@Suite("Reservations over a restart")
struct ReservationRestartTests {
  @Test("an open hold still holds and can be settled with its id, once")
  func settle() throws {
    let ledger = LedgerBox(settings: .single(.fixed(.hours(24))), seed: 1)
    let id = try #require(ledger.hold(900, now: .after(.zero)))
    let restored = try ledger.restarted(from: .after(.minutes(1)), at: .after(.minutes(2)))
    let now = Moment.after(.minutes(2))
    #expect(restored.report?.openReservations == 1)
    #expect(restored.hold(101, now: now) == nil)
    let forged = ReservationID(slot: id.slot, serial: id.serial, secret: id.secret ^ 1)
    guard case .unknown = restored.settle(forged, output: 1, now: now) else {
      Issue.record("a guessed id was accepted")
      return
    }
    guard case .settled(let accounts, isRepeat: false) = restored.settle(id, output: 800, now: now)
    else {
      Issue.record("the hold was not settled")
      return
    }
    #expect(accounts.map(\.used) == [800])
    #expect(accounts.map(\.reserved) == [0])
    let again = try restored.restarted(from: now, at: now)
    guard case .settled(_, isRepeat: true) = again.settle(id, output: 800, now: now) else {
      Issue.record("the settled hold was forgotten")
      return
    }
    #expect(again.status("b", now: now)?.used == 800)
  }

  @Test(
    "a late settle takes nothing back of what had left the window before a restart made it longer",
    arguments: [
      WindowRule.rolling(.hours(24)), .calendar(CalendarRule(period: .day)), .lifetime(idleExpiry: nil),
    ])
  func lateSettleInLongerWindow(window: WindowRule) throws {
    let ledger = LedgerBox(settings: .single(.rolling(.hours(1))), seed: 1)
    let id = try #require(ledger.hold(300, ttl: .minutes(10), now: .after(.zero)))
    // Charged at its deadline, it has left the hour long since; the new use has not.
    ledger.use(10, now: .after(.hours(3)))
    let now = Moment.after(.hours(3))
    let restored = try ledger.restarted(.single(window), from: now, at: now)
    guard case .settled(let accounts, isRepeat: false) = restored.settle(id, output: 5, now: now) else {
      Issue.record("the expired hold was forgotten")
      return
    }
    #expect(accounts.map(\.used) == [15])
    #expect(restored.broken == [])
  }

  @Test("so it does where clocks that were set move the buckets by a part of one", arguments: 0..<60)
  func lateSettleAfterClockStep(seconds: Int64) throws {
    let ledger = LedgerBox(settings: .single(.rolling(.hours(1))), seed: 1)
    let id = try #require(ledger.hold(300, ttl: .minutes(10), now: .after(.zero)))
    // At its deadline and 61 buckets later it has just left.
    let captured = Moment.after(.minutes(71))
    ledger.use(10, now: captured)
    let now = Moment(wall: captured.wall - .seconds(3600), steady: captured.steady + .seconds(seconds))
    let restored = try ledger.restarted(from: captured, at: now)
    _ = restored.settle(id, output: 5, now: now)
    #expect(restored.status("b", now: now)?.used == 15)
    #expect(restored.broken == [])
  }

  @Test(
    "a hold that became overdue while nobody ran expires as the budget says", arguments: Budget.ExpiryPolicy.allCases)
  func overdue(policy: Budget.ExpiryPolicy) throws {
    let ledger = LedgerBox(settings: .single(.fixed(.hours(24)), onExpiry: policy), seed: 1)
    let id = try #require(ledger.hold(900, ttl: .minutes(10), now: .after(.zero)))
    let now = Moment.after(.minutes(11))
    let restored = try ledger.restarted(from: .after(.minutes(1)), at: now)
    #expect(restored.report?.openReservations == 0)
    #expect(restored.status("b", now: now)?.used == (policy == .charge ? 900 : 0))
    // A late settle replaces the charge.
    _ = restored.settle(id, output: 300, now: now)
    #expect(restored.status("b", now: now)?.used == 300)
  }

  static let windows: [WindowRule] = [
    .fixed(.hours(24)), .rolling(.hours(24)), .rolling(.hours(2)), .calendar(CalendarRule(period: .day)),
    .lifetime(idleExpiry: nil),
  ]

  @Test("a late settle takes back the expiry's charge, also in another window", arguments: windows, windows)
  func lateSettle(before: WindowRule, after: WindowRule) throws {
    let ledger = LedgerBox(settings: .single(before), seed: 1)
    ledger.use(50, now: .after(.zero))
    let id = try #require(ledger.hold(400, ttl: .minutes(1), now: .after(.zero)))
    ledger.maintain(now: .after(.minutes(2)))
    #expect(ledger.status("b", now: .after(.minutes(2)))?.used == 450)
    let now = Moment.after(.minutes(5))
    let restored = try ledger.restarted(.single(after), from: .after(.minutes(3)), at: now)
    _ = restored.settle(id, output: 100, now: now)
    #expect(restored.status("b", now: now)?.used == 150)
    #expect(restored.status("b", now: now)?.usedTotal == 150)
  }

  @Test("a hold on a budget that is gone still ends")
  func goneBudget() throws {
    let ledger = LedgerBox(settings: .varied, seed: 1)
    let id = try #require(ledger.hold(100, now: .after(.zero)))
    let now = Moment.after(.minutes(1))
    let restored = try ledger.restarted(.single(.fixed(.hours(1))), from: now, at: now)
    guard case .settled(let accounts, isRepeat: false) = restored.settle(id, output: 90, now: now) else {
      Issue.record("the hold is unknown")
      return
    }
    // The budget that is new counts what is settled now.
    #expect(accounts.map(\.used) == [90])
  }

  @Test("slots are used again in the same order")
  func slots() throws {
    var settings = LedgerSettings.single(.fixed(.hours(24)), limit: nil)
    settings.bounds.maxReservations = 4
    let ledger = LedgerBox(settings: settings, seed: 1)
    for _ in 0..<11 {
      let id = try #require(ledger.hold(1, now: .after(.zero)))
      _ = ledger.release(id, now: .after(.zero))
    }
    let open = try #require(ledger.hold(1, now: .after(.zero)))
    let restored = try ledger.restarted(from: .after(.zero), at: .after(.zero))
    for _ in 0..<3 {
      #expect(restored.hold(1, now: .after(.zero)) == ledger.hold(1, now: .after(.zero)))
    }
    #expect(restored.hold(1, now: .after(.zero)) == nil)
    guard case .released = restored.release(open, now: .after(.zero)) else {
      Issue.record("the open hold is unknown")
      return
    }
  }
}
