import Testing

@testable import BudgetCore

/// A ledger with one daily budget of 100 tokens, and two clocks that can part. It begins at noon.
private struct Bench: ~Copyable {
  var ledger: Ledger
  var now = Moment(noon)

  init(_ window: WindowRule = .fixed(.days(1)), onExpiry: Budget.ExpiryPolicy = .charge) {
    ledger = makeLedger([.test(limit: 100, window: window, onExpiry: onExpiry)])
    ledger.followClock(now)
  }

  mutating func pass(_ length: Interval) {
    now = Moment(wall: now.wall + length, steady: now.steady + length)
    ledger.followClock(now)
  }

  mutating func step(_ length: Interval) {
    now.wall = now.wall + length
    ledger.followClock(now)
  }

  mutating func use(_ count: Int64) { ledger.use(count, at: now) }

  var used: Quantity { mutating get { ledger.used(at: now) } }

  var isGranted: Bool {
    mutating get {
      switch ledger.reserve(SpendRequest(tags: .empty, spend: tokens(1)), ttl: nil, secret: 1, now: now) {
      case .granted(let id, _, _):
        _ = ledger.release(id, now: now)
        return true
      case .denied, .tableFull: return false
      }
    }
  }

  /// When the account's window ends, from its start.
  var window: (start: Instant, end: Instant) {
    mutating get {
      let account = ledger.accountStatuses(now: now)[0]
      return (account.windowStart, account.resetsAt ?? .distantFuture)
    }
  }
}

private let lengths: [Interval] = [
  .seconds(2), .minutes(1), .hours(11), .hours(13), .days(1), .days(3), .days(400), .days(36_500),
]

@Suite("A wall clock that is set")
struct ClockStepTests {
  @Test("renews no budget, forward or back, and there and back again changes nothing", arguments: lengths)
  func thereAndBack(length: Interval) {
    for length in [length, Interval(nanoseconds: -length.nanoseconds)] {
      var bench = Bench()
      bench.use(100)
      let window = bench.window
      bench.step(length)
      bench.pass(.minutes(5))
      let (used, isGranted, there) = (bench.used, bench.isGranted, bench.window)
      // Midnight may come in these five minutes: that is a day that ended.
      if there.start <= noon + length { #expect(used == 100 && !isGranted, "\(length)") }
      bench.step(Interval(nanoseconds: -length.nanoseconds))
      let (usedBack, back) = (bench.used, bench.window)
      #expect(usedBack == used)
      #expect(back == window, "\(length)")
    }
  }

  @Test("closes no budget: the next midnight of the new time renews it", arguments: lengths)
  func nextMidnight(length: Interval) {
    for length in [length, Interval(nanoseconds: -length.nanoseconds)] {
      var bench = Bench()
      bench.use(100)
      bench.step(length)
      bench.pass(.days(1))
      let (used, isGranted, window) = (bench.used, bench.isGranted, bench.window)
      #expect(used == 0 && isGranted, "\(length)")
      #expect(window.start <= bench.now.wall && bench.now.wall < window.end)
    }
  }

  @Test("set back a little past midnight, the day that ended does not begin again")
  func smallStepBack() {
    var bench = Bench()
    bench.use(100)
    bench.pass(.hours(12))
    bench.use(60)
    let today = bench.window
    bench.step(.minutes(-30))
    let still = bench.window
    bench.use(40)
    let isGranted = bench.isGranted
    // The second midnight of this night is not the end of a day.
    bench.pass(.hours(1))
    let (used, after) = (bench.used, bench.window)
    #expect(today == still && still == after)
    #expect(used == 100 && !isGranted)
  }

  @Test("a day that ended by time that passed ends, though the clock was set before anybody looked")
  func endedBeforeTheStep() {
    var bench = Bench()
    bench.use(100)
    // Eleven hours and a step of ten: the day went on, by the untouched clock, until 23:00.
    bench.now = Moment(wall: noon + .hours(21), steady: noon + .hours(11))
    bench.ledger.followClock(bench.now)
    let before = bench.used
    var other = Bench()
    other.use(100)
    other.now = Moment(wall: noon + .hours(23), steady: noon + .hours(13))
    other.ledger.followClock(other.now)
    let after = other.used
    #expect(before == 100)
    #expect(after == 0)
  }

  @Test("a charge at expiry is replaced by a late settle, whatever window it went along to")
  func lateSettle() {
    var bench = Bench()
    let outcome = bench.ledger.reserve(
      SpendRequest(tags: .empty, spend: tokens(50)), ttl: .minutes(1), secret: 1, now: bench.now)
    guard case .granted(let id, _, _) = outcome else {
      Issue.record("not granted")
      return
    }
    bench.pass(.minutes(2))
    let charged = bench.used
    bench.step(.days(7))
    _ = bench.ledger.settle(id, actual: tokens(30), now: bench.now)
    let used = bench.used
    #expect(charged == 50)
    #expect(used == 30)
  }

  @Test("calendar days in a zone follow too")
  func calendar() throws {
    let rule = CalendarRule(period: .day, zoneName: "Europe/Berlin", zone: try zoneRules("Europe/Berlin"))
    var bench = Bench(.calendar(rule))
    bench.use(100)
    bench.step(.days(200))
    let (used, window) = (bench.used, bench.window)
    #expect(used == 100)
    #expect(window.start <= bench.now.wall && bench.now.wall < window.end)
  }

  @Test("rolling windows, idle expiry and deadlines do not notice", arguments: lengths)
  func durations(length: Interval) {
    for length in [length, Interval(nanoseconds: -length.nanoseconds)] {
      var rolling = Bench(.rolling(.hours(1)))
      var idle = Bench(.lifetime(idleExpiry: .hours(1)))
      rolling.use(100)
      idle.use(100)
      rolling.step(length)
      idle.step(length)
      rolling.pass(.minutes(59))
      idle.pass(.minutes(59))
      let early = (rolling.used, idle.used)
      rolling.pass(.minutes(3))
      idle.pass(.minutes(3))
      let late = (rolling.used, idle.used)
      #expect(early == (100, 100))
      #expect(late == (0, 0))
    }
  }

  @Test("a pool keeps what is spent of it, and returns with the clock")
  func pools() {
    var ledger = makeLedger(pool: .test(tokens: 1000, window: .fixed(.days(1))))
    ledger.followClock(Moment(noon))
    let request = AllocationRequest(pool: "p", agent: "a")
    guard case .granted(let granted) = ledger.allocate(request, secret: 1, now: Moment(noon)) else {
      Issue.record("not granted")
      return
    }
    _ = ledger.useAllocation(granted.allocation.id, AllocationUsage(reasoning: 100), now: Moment(noon))
    _ = ledger.releaseAllocation(granted.allocation.id, now: Moment(noon))
    func spent(_ now: Moment) -> Quantity {
      ledger.followClock(now)
      return ledger.poolReports(now: now)[0].spent
    }
    let (first, away, back) = (
      spent(Moment(noon)), spent(Moment(wall: noon + .days(9), steady: noon + .seconds(1))),
      spent(Moment(wall: noon + .seconds(2), steady: noon + .seconds(2)))
    )
    let nextDay = spent(Moment(noon + .days(1)))
    #expect(first > 0)
    #expect(away == first && back == first)
    #expect(nextDay == 0)
  }

  @Test("each step is told once and summed; what two readings part by is none")
  func told() {
    var bench = Bench()
    bench.step(.milliseconds(900))
    bench.step(.hours(5))
    bench.step(.hours(-2))
    let (steps, events) = (bench.ledger.clockSteps, bench.ledger.takeEvents())
    #expect(steps.steps == 2)
    #expect(steps.total == .hours(3))
    #expect(events.count == 2)
  }
}
