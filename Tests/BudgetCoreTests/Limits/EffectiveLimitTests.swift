import Testing

@testable import BudgetCore

extension Ledger {
  fileprivate mutating func raise(
    _ amount: Quantity, _ pairs: [Tag] = [], until: Instant? = nil, at now: Moment
  ) -> Bool {
    guard case .done = topUp(budget: "b", unit: nil, tags: pairs, amount: amount, until: until, now: now) else {
      return false
    }
    return true
  }

  fileprivate mutating func limit(at now: Moment) -> Quantity? { accountStatuses(now: now)[0].limit }

  /// The most that is granted, found by asking.
  fileprivate mutating func most(at now: Moment) -> Int64 {
    var granted: Int64 = 0
    var refused: Int64 = 1 << 40
    while granted + 1 < refused {
      let middle = granted + (refused - granted) / 2
      if ask(tokens(middle), at: now).verdict == .deny { refused = middle } else { granted = middle }
    }
    return granted
  }
}

@Suite("Effective limits")
struct EffectiveLimitTests {
  private static let hour = WindowRule.fixed(.hours(1))

  @Test(
    "a top-up counts at once and ends exactly when it is to end",
    arguments: [hour, .rolling(.hours(1)), .lifetime(idleExpiry: nil), .calendar(CalendarRule(period: .day))])
  func topUpEnds(window: WindowRule) {
    var ledger = makeLedger([.test(limit: 100, window: window)])
    ledger.use(100, at: after(0))
    let before = ledger.most(at: after(1))
    let isDone = ledger.raise(50, until: after(10).wall, at: after(1))
    let most = ledger.most(at: after(1))
    let last = ledger.most(at: Moment(Instant(nanoseconds: after(10).wall.nanoseconds - 1)))
    let ended = ledger.most(at: after(10))
    let complaints = ledger.checkInvariants()
    #expect(isDone && before == 0 && most == 50 && last == 50 && ended == 0 && complaints == [])
  }

  @Test("a top-up without an end ends with the window")
  func topUpEndsWithWindow() {
    var ledger = makeLedger([.test(limit: 100, window: Self.hour)])
    ledger.use(1, at: after(0))
    _ = ledger.raise(50, at: after(1))
    _ = ledger.raise(25, at: after(2))
    let (within, next) = (ledger.limit(at: after(3599)), ledger.limit(at: after(3600)))
    #expect(within == 175 && next == 100)
  }

  @Test("a lifetime keeps its top-up until it starts anew")
  func lifetime() {
    var ledger = makeLedger([.test(limit: 100, window: .lifetime(idleExpiry: .hours(1)))])
    ledger.use(1, at: after(0))
    _ = ledger.raise(50, at: after(1))
    let (within, renewed) = (ledger.limit(at: after(3599)), ledger.limit(at: after(3600)))
    #expect(within == 150 && renewed == 100)
  }

  @Test("A17: resume is sent on a top-up, and thresholds are armed again under the new limit")
  func resumeOnTopUp() {
    var ledger = makeLedger([.test(limit: 100, window: Self.hour)])
    ledger.use(120, at: after(0))
    let first = ledger.told()
    _ = ledger.raise(100, at: after(1))
    let raised = ledger.told()
    ledger.use(40, at: after(2))
    let warned = ledger.told()
    ledger.use(40, at: after(3))
    let exhausted = ledger.told()
    #expect(first == [.warn, .exhausted, .exceeded] && raised == [.resume])
    #expect(warned == [.warn] && exhausted == [.exhausted])
  }

  @Test("A17: a top-up that is not enough sends no resume")
  func notEnough() {
    var ledger = makeLedger([.test(limit: 100, window: Self.hour)])
    ledger.use(120, at: after(0))
    _ = ledger.told()
    _ = ledger.raise(20, at: after(1))
    let told = ledger.told()
    #expect(told == [])
  }

  @Test("a top-up that ends tells of the crossing it had hidden, once")
  func endTells() {
    var ledger = makeLedger([.test(limit: 100, window: Self.hour)])
    _ = ledger.raise(100, until: after(10).wall, at: after(0))
    ledger.use(110, at: after(1))
    let during = ledger.told()
    ledger.maintain(now: after(10))
    ledger.maintain(now: after(11))
    let ended = ledger.told()
    #expect(during == [] && ended == [.warn, .exhausted, .exceeded])
  }

  @Test("an override of one account goes before the budget's, which goes before the configuration's")
  func overrides() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"])])
    for agent in ["a", "b"] { ledger.use(10, tags(["agent": agent]), at: after(0)) }
    _ = ledger.override(budget: "b", unit: nil, tags: [], limit: 50, until: after(100).wall, now: after(1))
    let own = [Tag(key: "agent", value: "a")]
    _ = ledger.override(budget: "b", unit: nil, tags: own, limit: nil, until: after(50).wall, now: after(1))
    let times: [Int64] = [1, 49, 50, 99, 100]
    var limits: [[Quantity?]] = []
    for second in times { limits.append(ledger.accountStatuses(now: after(second)).map(\.limit)) }
    #expect(limits == [[nil, 50], [nil, 50], [50, 50], [50, 50], [100, 100]])
    // An account that comes later has it too, and one that is only asked for.
    _ = ledger.override(budget: "b", unit: nil, tags: [], limit: 5, until: nil, now: after(101))
    let asked = ledger.ask(tokens(6), tags(["agent": "c"]), at: after(102)).verdict
    let held = ledger.hold(tokens(6), tags(["agent": "c"]), at: after(102))
    _ = ledger.removeOverride(budget: "b", unit: nil, tags: [], now: after(103))
    let freed = ledger.ask(tokens(6), tags(["agent": "c"]), at: after(103)).verdict
    #expect(asked == .deny && held == nil && freed == .allow)
  }

  @Test("an override that has ended does not come back when the clock is set back", arguments: [[], ["a"]])
  func setBack(agents: [String]) {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: .fixed(.hours(6)))])
    ledger.use(1, tags(["agent": "a"]), at: after(0))
    let named = agents.map { Tag(key: "agent", value: $0) }
    _ = ledger.override(budget: "b", unit: nil, tags: named, limit: 7, until: after(60).wall, now: after(0))
    let during = ledger.accountStatuses(now: after(59)).map(\.limit)
    let ended = ledger.accountStatuses(now: after(60)).map(\.limit)
    let setBack = Moment(wall: after(30).wall, steady: after(61).steady)
    ledger.use(1, tags(["agent": "new"]), at: setBack)
    _ = ledger.topUp(
      budget: "b", unit: nil, tags: [Tag(key: "agent", value: "a")], amount: 5, until: nil, now: setBack)
    let later = ledger.accountStatuses(now: setBack).map(\.limit)
    #expect(during == [7] && ended == [100] && later == [105, 100])
  }

  @Test("a lower limit tells of what use has crossed by it, a limit of 0 denies everything")
  func lowered() {
    var ledger = makeLedger([.test(limit: 100)])
    ledger.use(50, at: after(0))
    _ = ledger.override(budget: "b", unit: nil, tags: [], limit: 50, until: nil, now: after(1))
    let told = ledger.told()
    _ = ledger.override(budget: "b", unit: nil, tags: [], limit: 0, until: nil, now: after(2))
    let verdict = ledger.ask(tokens(0), at: after(2)).verdict
    #expect(told == [.warn, .exhausted] && verdict == .deny)
  }

  @Test(
    "A7, A17: a reset sets the use of the named accounts to nothing and sends resume",
    arguments: [WindowRule.fixed(.hours(1)), .rolling(.hours(1)), .lifetime(idleExpiry: nil)])
  func reset(window: WindowRule) {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: window)])
    for agent in ["a", "b"] { ledger.use(100, tags(["agent": agent]), at: after(0)) }
    _ = ledger.told()
    _ = ledger.reset(budget: "b", unit: nil, tags: [Tag(key: "agent", value: "a")], now: after(1))
    let told = ledger.told()
    let used = ledger.readings(at: after(1)).map(\.used)
    let total = ledger.accountStatuses(now: after(1)).map(\.usedTotal)
    let complaints = ledger.checkInvariants()
    #expect(told == [.resume] && used == [0, 100] && total == [100, 100] && complaints == [])
  }

  @Test(
    "a late settle after a reset takes nothing back from the new use",
    arguments: [WindowRule.fixed(.hours(1)), .rolling(.hours(1)), .lifetime(idleExpiry: nil)])
  func lateAfterReset(window: WindowRule) {
    var ledger = makeLedger([.test(limit: 100, window: window)])
    let id = ledger.hold(tokens(60), ttl: .seconds(5), at: after(0))
    ledger.maintain(now: after(6))
    _ = ledger.reset(budget: "b", unit: nil, tags: [], now: after(7))
    ledger.use(10, at: after(8))
    _ = ledger.settle(id!, actual: tokens(30), now: after(9))
    let used = ledger.used(at: after(9))
    let complaints = ledger.checkInvariants()
    #expect(used == 40 && complaints == [])
  }

  @Test("Retry-After does not count on what ends before it")
  func retryAfter() {
    var ledger = makeLedger([.test(limit: 100, window: Self.hour)])
    _ = ledger.raise(50, at: after(0))
    ledger.use(150, at: after(0))
    let fits = ledger.ask(tokens(100), at: after(1)).breaches[0].retryAfter
    let never = ledger.ask(tokens(120), at: after(1)).breaches[0].retryAfter
    #expect(fits == .seconds(3599) && never == nil)
  }

  @Test("what cannot be is refused: unknown budget, other tags, no limit, too many top-ups")
  func refused() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"]), .test("free", limit: nil)])
    var outcomes: [String] = []
    func name(_ outcome: BudgetActOutcome) -> String {
      switch outcome {
      case .done: "done"
      case .unknownBudget: "unknown"
      case .ambiguousUnit: "unit"
      case .wrongTags: "tags"
      case .unlimited: "unlimited"
      case .full: "full"
      }
    }
    let own = [Tag(key: "agent", value: "a")]
    outcomes.append(name(ledger.topUp(budget: "x", unit: nil, tags: [], amount: 1, until: nil, now: after(0))))
    outcomes.append(name(ledger.topUp(budget: "b", unit: .cost, tags: [], amount: 1, until: nil, now: after(0))))
    outcomes.append(name(ledger.topUp(budget: "b", unit: nil, tags: [], amount: 1, until: nil, now: after(0))))
    outcomes.append(name(ledger.topUp(budget: "free", unit: nil, tags: [], amount: 1, until: nil, now: after(0))))
    for _ in 0..<AccountTerms.maximumTopUps {
      _ = ledger.topUp(budget: "b", unit: nil, tags: own, amount: .max, until: nil, now: after(0))
    }
    outcomes.append(name(ledger.topUp(budget: "b", unit: nil, tags: own, amount: 1, until: nil, now: after(0))))
    #expect(outcomes == ["unknown", "unit", "tags", "unlimited", "full"])
  }
}
