import Testing

@testable import BudgetCore

@Suite("Windows of accounts")
struct AccountWindowTests {
  @Test("D1: a rolling window never under-counts and over-counts at most one bucket", arguments: [60, 3600, 86_400, 7])
  func rolling(seconds: Int64) {
    var random = ZoneRandom("rolling \(seconds) s")
    var ledger = makeLedger([.test(limit: 1_000_000, window: .rolling(.seconds(seconds)))])
    let width = RollingBuckets.width(of: .seconds(seconds))
    var uses: [(at: Int64, amount: Int64)] = []
    var now = noon.nanoseconds
    for _ in 0..<1500 {
      now += Int64.random(in: 0...(seconds * 1_000_000_000 / Int64.random(in: 1...60, using: &random)), using: &random)
      if Int.random(in: 0..<40, using: &random) == 0 { now += seconds * 2_000_000_000 }
      let amount = Int64.random(in: 1...100, using: &random)
      let moment = Moment(Instant(nanoseconds: now))
      // Now and then usage that says when it was.
      let late = Int.random(in: 0..<5, using: &random) == 0
      let stamp = moment.wall.seconds - Int64.random(in: 0...(seconds + 10), using: &random)
      ledger.line(.tokens, amount, "agent:a", at: moment, timestamp: late ? stamp : UsageEvent.noTimestamp)
      uses.append((late ? stamp * 1_000_000_000 : now, amount))
      let used = ledger.used(at: moment)
      let length = seconds * 1_000_000_000
      let least = uses.reduce(Quantity(0)) { $1.at > now - length ? $0 + Quantity($1.amount) : $0 }
      let most = uses.reduce(Quantity(0)) { $1.at > now - 61 * width ? $0 + Quantity($1.amount) : $0 }
      #expect(used >= least && used <= most)
    }
  }

  @Test("a fixed window turns on the epoch's multiples and counts exactly what fell in it")
  func fixed() {
    var random = ZoneRandom("fixed")
    var ledger = makeLedger([.test(limit: 1_000_000, window: .fixed(.minutes(10)))])
    var uses: [(at: Int64, amount: Int64)] = []
    var now = noon.seconds
    for _ in 0..<1000 {
      now += Int64.random(in: 0...200, using: &random)
      let amount = Int64.random(in: 1...100, using: &random)
      ledger.use(amount, at: Moment(Instant(seconds: now)))
      uses.append((now, amount))
      let used = ledger.used(at: Moment(Instant(seconds: now)))
      #expect(used == uses.reduce(0) { $1.at / 600 == now / 600 ? $0 + Quantity($1.amount) : $0 })
    }
  }

  @Test(
    "B8: a calendar day turns at local midnight in Berlin, be it 23, 24 or 25 hours long",
    arguments: [
      // The day's first and last second, as UTC.
      ("a summer day", wall(2025, 7, 9, 22), wall(2025, 7, 10, 22)),
      ("a winter day", wall(2025, 1, 9, 23), wall(2025, 1, 10, 23)),
      ("the day clocks go forward", wall(2025, 3, 29, 23), wall(2025, 3, 30, 22)),
      ("the day clocks go back", wall(2025, 10, 25, 22), wall(2025, 10, 26, 23)),
    ])
  func calendarDay(name: String, start: Int64, end: Int64) throws {
    let rule = CalendarRule(period: .day, zoneName: "Europe/Berlin", zone: try zoneRules("Europe/Berlin"))
    var ledger = makeLedger([.test(limit: 100, window: .calendar(rule))])
    func at(_ seconds: Int64) -> Moment { Moment(Instant(seconds: seconds)) }
    ledger.use(40, at: at(start - 1))
    ledger.use(1, at: at(start))
    let first = ledger.used(at: at(start))
    ledger.use(2, at: at(end - 1))
    let last = ledger.used(at: at(end - 1))
    let statuses = ledger.accountStatuses(now: at(end - 1))
    let next = ledger.used(at: at(end))
    #expect(first == 1 && last == 3 && next == 0)
    #expect(statuses[0].windowStart == Instant(seconds: start))
    #expect(statuses[0].resetsAt == Instant(seconds: end))
  }

  @Test("C17: a lifetime ends when nothing was used for its idle time, and not before")
  func idleExpiry() {
    var ledger = makeLedger([.test(limit: 100, per: ["session"], window: .lifetime(idleExpiry: .hours(1)))])
    let session = tags(["session": "s"])
    ledger.use(30, session, at: after(0))
    ledger.use(30, session, at: after(3599))
    ledger.use(30, session, at: after(7198))
    let before = ledger.used(at: Moment(after(7198 + 3600).wall - Interval(nanoseconds: 1)))
    let then = ledger.used(at: after(7198 + 3600))
    #expect(before == 90 && then == 0)
  }

  @Test("a lifetime is not kept longer by having been looked at")
  func idleExpiryIsExact() {
    var ledger = makeLedger([.test(limit: 100, window: .lifetime(idleExpiry: .hours(1)))])
    ledger.use(30, at: after(0))
    ledger.use(30, at: Moment(after(0).wall + .milliseconds(500)))
    let looked = ledger.used(at: after(3600))
    let then = ledger.used(at: Moment(after(3600).wall + .milliseconds(500)))
    #expect(looked == 60 && then == 0)
  }

  @Test("a lifetime with an open hold lives on until the hold ends")
  func heldLifetime() {
    var ledger = makeLedger([.test(limit: 100, window: .lifetime(idleExpiry: .minutes(1)), onExpiry: .refund)])
    ledger.use(30, at: after(0))
    let id = ledger.hold(tokens(10), ttl: .minutes(5), at: after(1))
    let held = ledger.used(at: after(200))
    _ = ledger.release(id!, now: Moment(after(200).wall + .milliseconds(1)))
    let released = ledger.used(at: Moment(after(200).wall + .milliseconds(1)))
    #expect(held == 30 && released == 0)
  }

  @Test(
    "a clock that steps back renews no window",
    arguments: [
      WindowRule.fixed(.hours(1)), .calendar(CalendarRule(period: .day)), .rolling(.hours(1)),
      .lifetime(idleExpiry: .hours(1)),
    ])
  func clockSteps(window: WindowRule) {
    var ledger = makeLedger([.test(limit: 100, window: window)])
    ledger.use(60, at: after(0))
    // Two days back on the wall, one second on.
    let back = Moment(wall: after(-172_800).wall, steady: after(1).steady)
    let used = ledger.used(at: back)
    ledger.use(10, at: back)
    ledger.line(.tokens, 5, "agent:a", at: back, timestamp: back.wall.seconds)
    let more = ledger.used(at: back)
    let again = ledger.used(at: after(2))
    #expect(used == 60 && more == 75 && again == 75)
  }

  @Test("the seconds of a rolling window pass on the steady clock")
  func rollingIgnoresTheWall() {
    var ledger = makeLedger([.test(limit: 100, window: .rolling(.hours(1)))])
    ledger.use(60, at: after(0))
    let used = ledger.used(at: Moment(wall: after(900_000).wall, steady: after(10).steady))
    #expect(used == 60)
  }

  @Test("usage that says when it happened counts in the window of that time, or in the total only")
  func timestamps() {
    let start = noon.seconds / 3600 * 3600
    var ledger = makeLedger([.test(limit: 100, window: .fixed(.hours(1)))])
    let now = Moment(Instant(seconds: start + 1800))
    ledger.line(.tokens, 1, "agent:a", at: now, timestamp: start)
    ledger.line(.tokens, 2, "agent:a", at: now, timestamp: start - 1)
    ledger.line(.tokens, 4, "agent:a", at: now, timestamp: start + 1800)
    ledger.line(.tokens, 8, "agent:a", at: now, timestamp: start + 1801)
    ledger.line(.tokens, 16, "agent:a", at: now, timestamp: 0)
    ledger.line(.tokens, 32, "agent:a", at: now, timestamp: -5_000_000_000)
    let statuses = ledger.accountStatuses(now: now)
    let usage = ledger.usage(by: "agent", in: .minute, top: 1, now: now)!
    let refused = ledger.counters[.futureTimestamp]
    #expect(statuses[0].used == 5)
    #expect(statuses[0].usedTotal == 55)
    #expect(usage[0].tokens == 4)
    #expect(refused == 1)
  }
}
