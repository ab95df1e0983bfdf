import BudgetCore
import Snapshots
import Testing

@Suite("Windows over a restart")
struct WindowRestartTests {
  static let day = WindowRule.calendar(CalendarRule(period: .day))

  @Test(
    "use counts to the end of the window, and no longer",
    arguments: [
      (WindowRule.fixed(.hours(1)), Interval.minutes(59), Interval.minutes(60)),
      (.fixed(.hours(24)), .hours(11), .hours(12)),
      (day, .hours(11), .hours(12)),
      (.calendar(CalendarRule(period: .month)), .days(16), .days(17)),
      (.rolling(.hours(1)), .minutes(60), .minutes(61)),
      (.rolling(.days(30)), .days(30), .days(31)),
      (.lifetime(idleExpiry: .hours(3)), .minutes(179), .minutes(180)),
      (.lifetime(idleExpiry: nil), .days(10), nil),
    ] as [(WindowRule, Interval, Interval?)])
  func sameRule(rule: WindowRule, within: Interval, after: Interval?) throws {
    let ledger = LedgerBox(settings: .single(rule), seed: 1)
    ledger.use(100, now: .after(.zero))
    let soon = try ledger.restarted(from: .after(.seconds(5)), at: .after(within))
    #expect(soon.status("b", ["agent": "a"], now: .after(within))?.used == 100)
    #expect(soon.warnings.isEmpty)
    if let after {
      let late = try ledger.restarted(from: .after(.seconds(5)), at: .after(after))
      #expect(late.status("b", ["agent": "a"], now: .after(after))?.used == 0)
      // As if nobody had stopped.
      #expect(soon.status("b", ["agent": "a"], now: .after(after))?.used == 0)
      #expect(late.status("b", ["agent": "a"], now: .after(after))?.usedTotal == 100)
    }
  }

  @Test("a rolling window lets go bucket by bucket, as if nobody had stopped")
  func rollingBuckets() throws {
    let ledger = LedgerBox(settings: .single(.rolling(.hours(1)), limit: nil), seed: 1)
    for minute in 0..<60 { ledger.use(1 << Int64(minute % 50), now: .after(.minutes(Int64(minute)))) }
    let restored = try ledger.restarted(from: .after(.minutes(59)), at: .after(.minutes(70)))
    for minute in 70...130 {
      let now = Moment.after(.minutes(Int64(minute)))
      #expect(restored.status("b", now: now)?.used == ledger.status("b", now: now)?.used, "minute \(minute)")
    }
  }

  @Test("a window that ended in between is told as one that ended, once")
  func resume() throws {
    let ledger = LedgerBox(settings: .single(.fixed(.hours(1))), seed: 1)
    ledger.use(1_500, now: .after(.zero))
    #expect(ledger.told().count == 3)
    let within = try ledger.restarted(from: .after(.minutes(1)), at: .after(.minutes(2)))
    #expect(within.told().isEmpty)
    #expect(within.picture(now: .after(.minutes(2))).contains { $0.contains("exceeded") })
    let after = try ledger.restarted(from: .after(.minutes(1)), at: .after(.minutes(61)))
    #expect(after.told() == ["b resume 0"])
  }

  // MARK: Another rule

  static let rules: [WindowRule] = [
    .fixed(.hours(1)), .fixed(.hours(24)), day, .calendar(CalendarRule(period: .month)), .rolling(.hours(1)),
    .rolling(.hours(24)), .rolling(.minutes(90)), .lifetime(idleExpiry: .hours(3)), .lifetime(idleExpiry: nil),
  ]

  @Test("another window rule does not renew the budget", arguments: rules, rules)
  func changedRule(before: WindowRule, after: WindowRule) throws {
    let ledger = LedgerBox(settings: .single(before), seed: 1)
    ledger.use(600, now: .after(.minutes(5)))
    ledger.use(400, now: .after(.minutes(7)))
    let restored = try ledger.restarted(.single(after), from: .after(.minutes(8)), at: .after(.minutes(9)))
    #expect(restored.status("b", now: .after(.minutes(9)))?.used == 1_000)
    #expect(restored.hold(1, now: .after(.minutes(9))) == nil)
    let hasSameWindows = Self.windows(of: before) == Self.windows(of: after)
    #expect(restored.warnings.keys.contains(.windowChanged(budget: "b", unit: .tokens)) != hasSameWindows)
  }

  /// Rules with one name for this have windows with the same edges.
  private static func windows(of rule: WindowRule) -> String {
    switch rule {
    case .rolling(let length): "rolling \(length)"
    case .fixed(.days(1)), day: "UTC days"
    case .fixed(let length): "fixed \(length)"
    case .calendar(let calendar): "\(calendar.period)"
    case .lifetime: "lifetime"
    }
  }

  @Test("use from before the new window began does not count in it")
  func olderUse() throws {
    // Yesterday's use of a monthly budget is no use of today.
    let ledger = LedgerBox(settings: .single(.calendar(CalendarRule(period: .month))), seed: 1)
    ledger.use(600, now: .after(.zero))
    let restored = try ledger.restarted(.single(Self.day), from: .after(.hours(20)), at: .after(.hours(21)))
    #expect(restored.status("b", now: .after(.hours(21)))?.used == 0)
    #expect(restored.status("b", now: .after(.hours(21)))?.usedTotal == 600)
  }

  @Test("a day's use carries into the month that it is a part of, even after the day")
  func dayToMonth() throws {
    let ledger = LedgerBox(settings: .single(Self.day), seed: 1)
    ledger.use(600, now: .after(.zero))
    let month = WindowRule.calendar(CalendarRule(period: .month))
    let restored = try ledger.restarted(.single(month), from: .after(.hours(1)), at: .after(.hours(30)))
    #expect(restored.status("b", now: .after(.hours(30)))?.used == 600)
  }

  @Test("a rolling window's buckets find their place in a shorter and a longer one")
  func otherWidth() throws {
    let ledger = LedgerBox(settings: .single(.rolling(.hours(1))), seed: 1)
    ledger.use(100, now: .after(.zero))
    ledger.use(200, now: .after(.minutes(50)))
    let shorter = try ledger.restarted(
      .single(.rolling(.minutes(30))), from: .after(.minutes(55)), at: .after(.minutes(55)))
    #expect(shorter.status("b", now: .after(.minutes(55)))?.used == 200)
    #expect(shorter.status("b", now: .after(.minutes(80)))?.used == 200)
    #expect(shorter.status("b", now: .after(.minutes(82)))?.used == 0)
    let longer = try ledger.restarted(
      .single(.rolling(.hours(24))), from: .after(.minutes(55)), at: .after(.minutes(55)))
    #expect(longer.status("b", now: .after(.hours(23)))?.used == 300)
    #expect(longer.status("b", now: .after(.hours(26)))?.used == 0)
  }

  // MARK: Clocks that were set

  /// The process of before had both clocks agree at noon; then the wall clock was set by `step`.
  private func running(_ passed: Interval, stepped step: Interval) -> Moment {
    Moment(wall: noon + passed + step, steady: noon + passed)
  }

  @Test("a wall clock set forward while running empties no rolling window and ends no hold")
  func steppedForward() throws {
    let ledger = LedgerBox(settings: .single(.rolling(.hours(1)), onExpiry: .refund), seed: 1)
    ledger.use(100, now: .after(.zero))
    let id = try #require(ledger.hold(50, ttl: .minutes(10), now: .after(.zero)))
    let captured = running(.minutes(1), stepped: .hours(5))
    // The new process anchors its steady clock at the wall clock.
    let now = Moment(captured.wall + .minutes(1))
    let restored = try ledger.restarted(from: captured, at: now)
    #expect(restored.warnings.keys.contains(.clockWasSet(.hours(5))))
    #expect(restored.status("b", now: now)?.used == 100)
    #expect(restored.status("b", now: now)?.reserved == 50)
    #expect(restored.status("b", now: Moment(now.wall + .minutes(7)))?.reserved == 50)
    #expect(restored.status("b", now: Moment(now.wall + .minutes(9)))?.reserved == 0)
    #expect(restored.status("b", now: Moment(now.wall + .minutes(57)))?.used == 100)
    #expect(restored.status("b", now: Moment(now.wall + .minutes(61)))?.used == 0)
    guard case .settled = restored.settle(id, output: 0, now: now) else {
      Issue.record("the hold is unknown")
      return
    }
  }

  @Test("a wall clock set back while nobody ran renews nothing and keeps what is left of a hold", arguments: rules)
  func steppedBack(rule: WindowRule) throws {
    let ledger = LedgerBox(settings: .single(rule, onExpiry: .refund), seed: 1)
    ledger.use(100, now: .after(.minutes(30)))
    _ = try #require(ledger.hold(50, ttl: .minutes(10), now: .after(.minutes(31))))
    let now = Moment.after(.minutes(-90))
    let restored = try ledger.restarted(from: .after(.minutes(32)), at: now)
    let status = try #require(restored.status("b", now: now))
    #expect(status.used == 100)
    #expect(status.reserved == 50)
    #expect(restored.status("b", now: Moment(now.wall + .minutes(8)))?.reserved == 50)
    #expect(restored.status("b", now: Moment(now.wall + .minutes(10)))?.reserved == 0)
    #expect(restored.view(now: now).series.allSatisfy { $0.lastUse <= now.steady.nanoseconds })
    #expect(restored.usage(by: "agent", in: .minute, now: Moment(now.wall + .seconds(50)))?.isEmpty == true)
  }

  @Test("a window far in the future, made by a wrong clock, does not close the budget for good")
  func farFuture() throws {
    let ledger = LedgerBox(settings: .single(Self.day), seed: 1)
    ledger.use(1_000, now: .after(.days(4_000)))
    let restored = try ledger.restarted(from: .after(.days(4_000)), at: .after(.zero))
    #expect(restored.status("b", now: .after(.zero))?.used == 1_000)
    #expect(restored.status("b", now: .after(.hours(12)))?.used == 0)
  }

  @Test("a process that starts again and again does not keep old use in its window")
  func restartLoop() throws {
    var ledger = LedgerBox(settings: .single(.rolling(.hours(1))), seed: 1)
    ledger.use(100, now: .after(.zero))
    // Both clocks are read one after the other: never quite the same.
    for minute in 1...61 {
      let captured = Moment(
        wall: noon + .minutes(Int64(minute)) + .milliseconds(3), steady: noon + .minutes(Int64(minute)))
      let restored = try ledger.restarted(from: captured, at: Moment(captured.wall + .seconds(20)))
      #expect(restored.status("b", now: captured)?.used == (minute < 61 ? 100 : 0), "minute \(minute)")
      ledger = restored
    }
  }
}
