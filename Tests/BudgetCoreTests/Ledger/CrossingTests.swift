import Testing

@testable import BudgetCore

@Suite("Crossings")
struct CrossingTests {
  @Test("A3: a warning at 55 of 100 at 0.55 comes exactly once")
  func integerThreshold() {
    var ledger = makeLedger([.test(limit: 100, warnAt: 550_000)])
    ledger.use(54, at: after(0))
    let before = ledger.told()
    ledger.use(1, at: after(1))
    let then = ledger.told()
    for second in 2..<20 { ledger.use(1, at: after(Int64(second))) }
    let later = ledger.told()
    #expect(before == [] && then == [.warn] && later == [])
  }

  @Test(
    "A3: the threshold is the exact share for any limit and ratio",
    arguments: [(3, 333_333), (3, 333_334), (7, 142_857), (1_000_000_007, 999_999), (10, 700_000), (100, 290_000)])
  func threshold(limit: Int64, millionths: Int64) {
    let threshold = Ratio(millionths: millionths).threshold(of: Quantity(limit))
    #expect(threshold * 1_000_000 >= Quantity(limit) * Quantity(millionths))
    #expect((threshold - 1) * 1_000_000 < Quantity(limit) * Quantity(millionths))
  }

  @Test("A4, A17: each crossing is told once, whatever the number of lines that cross it")
  func onceEach() {
    var ledger = makeLedger([.test(limit: 100)])
    for second in 0..<150 { ledger.use(1, at: after(Int64(second))) }
    let told = ledger.takeEvents().compactMap(\.budgetEvent)
    #expect(told.map(\.kind) == [.warn, .exhausted, .exceeded])
    #expect(told.map(\.used) == [80, 100, 101])
    #expect(told.map(\.at) == [after(79).wall, after(99).wall, after(100).wall])
    #expect(told.allSatisfy { $0.limit == 100 && $0.budget == "b" && $0.unit == .tokens })
    let tally = ledger.view(now: after(200)).tallies[0]
    #expect(BudgetEvent.Kind.allCases.map { tally[event: $0] } == [1, 1, 1, 0, 0, 0])
  }

  @Test(
    "A17: a jump over several thresholds tells of all of them, in order",
    arguments: [(79, []), (80, [.warn]), (100, [.warn, .exhausted]), (101, [.warn, .exhausted, .exceeded])]
      as [(Int64, [BudgetEvent.Kind])])
  func jump(amount: Int64, expected: [BudgetEvent.Kind]) {
    var ledger = makeLedger([.test(limit: 100)])
    ledger.line(.tokens, amount, "agent:a", at: after(0))
    let told = ledger.told()
    #expect(told == expected)
  }

  @Test(
    "A17: when the window turns it is told that use may resume, and thresholds are armed again",
    arguments: [WindowRule.fixed(.hours(1)), .rolling(.hours(1)), .lifetime(idleExpiry: .hours(1))])
  func rearmed(window: WindowRule) {
    var ledger = makeLedger([.test(limit: 100, window: window)])
    ledger.use(100, at: after(0))
    let first = ledger.told()
    ledger.maintain(now: after(7200))
    let turned = ledger.told()
    ledger.use(100, at: after(7201))
    let again = ledger.told()
    #expect(first == [.warn, .exhausted] && turned == [.resume] && again == [.warn, .exhausted])
  }

  @Test("below exhaustion a turn of the window is silent, and the warning comes again")
  func quietTurn() {
    var ledger = makeLedger([.test(limit: 100, window: .fixed(.hours(1)))])
    ledger.use(90, at: after(0))
    ledger.use(90, at: after(3600))
    let told = ledger.told()
    #expect(told == [.warn, .warn])
  }

  @Test("holds cross nothing: only use does")
  func holdsAreSilent() {
    var ledger = makeLedger([.test(limit: 100)])
    let id = ledger.hold(tokens(100), at: after(0))
    let held = ledger.told()
    _ = ledger.settle(id!, actual: nil, now: after(1))
    let settled = ledger.told()
    #expect(held == [] && settled == [.warn, .exhausted])
  }

  @Test("a limit of 0 tells of the first use")
  func zero() {
    var ledger = makeLedger([.test(limit: 0)])
    ledger.use(1, at: after(0))
    ledger.use(1, at: after(1))
    let told = ledger.told()
    #expect(told == [.warn, .exhausted, .exceeded])
  }

  @Test("a limit of 0 has told of nothing before it was used, whatever windows passed")
  func zeroTurned() {
    var ledger = makeLedger([.test(limit: 0, window: .fixed(.hours(1)))])
    let denied = ledger.hold(tokens(1), at: after(0))
    ledger.maintain(now: after(7200))
    let turned = ledger.told()
    ledger.use(1, at: after(7201))
    let told = ledger.told()
    #expect(denied == nil && turned == [] && told == [.warn, .exhausted, .exceeded])
  }

  @Test("A18, B20: usage after a denial is counted, and what went past the limit says why")
  func overshoot() {
    var ledger = makeLedger([.test(limit: 100)])
    ledger.use(90, at: after(0))
    let denied = ledger.hold(tokens(20), at: after(1))
    ledger.use(20, at: after(2))
    ledger.line(.tokens, 5, "agent:a", at: after(3))
    let used = ledger.used(at: after(3))
    let tally = ledger.view(now: after(3)).tallies[0]
    #expect(denied == nil && used == 115)
    #expect(tally[cause: .unreserved] == 15 && tally[cause: .underestimated] == 0 && tally[cause: .late] == 0)
  }

  @Test("overshoot of a settled call is told apart from that of a late one")
  func overshootCauses() {
    var ledger = makeLedger([.test(limit: 100)])
    let first = ledger.hold(tokens(50), at: after(0))
    let second = ledger.hold(tokens(50), ttl: .seconds(10), at: after(0))
    _ = ledger.settle(first!, actual: tokens(60), now: after(1))
    _ = ledger.settle(second!, actual: tokens(70), now: after(60))
    let used = ledger.used(at: after(60))
    let tally = ledger.view(now: after(60)).tallies[0]
    #expect(used == 130)
    #expect(tally[cause: .late] == 30)
  }

  @Test("events are bounded: what nobody takes is counted as lost")
  func bounded() {
    var ledger = makeLedger([.test(limit: 1, per: ["agent"])])
    for agent in 0..<2000 { ledger.use(2, tags(["agent": "a\(agent)"]), at: after(0)) }
    let lost = ledger.counters.eventsLost
    let told = ledger.takeEvents().compactMap(\.budgetEvent).count
    #expect(told == Ledger.maximumPendingEvents && lost == 6000 - Int64(told))
  }
}
