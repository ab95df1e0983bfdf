import Testing

@testable import BudgetCore

@Suite("Throttling")
struct ThrottleTests {
  /// 1,000 tokens an hour from noon on, throttled from 900.
  private static func ledger(window: WindowRule = .fixed(.hours(1)), mode: Budget.Mode = .enforce) -> Ledger {
    makeLedger([.test(limit: 1000, window: window, throttleAt: 900_000, mode: mode)])
  }

  @Test("below the threshold nobody waits")
  func below() {
    var ledger = Self.ledger()
    ledger.use(800, at: after(0))
    let decision = ledger.ask(tokens(99), at: after(1))
    #expect(decision.verdict == .warn)
    #expect(decision.delay == .zero)
  }

  @Test("C16: in the throttled zone the delay spreads what remains over what remains of the window")
  func delay() {
    var ledger = Self.ledger()
    _ = ledger.hold(tokens(900), at: after(0))
    // Half an hour is left for 100 tokens. The first 10 go at once and take 10 x 1800 s / 100 = 180 s: more than the
    // longest delay of a minute.
    let first = ledger.reserve(SpendRequest(tags: .empty, spend: tokens(10)), ttl: nil, secret: 1, now: after(1800))
    guard case .granted(_, let granted, _) = first else { return #expect(Bool(false)) }
    #expect(granted.verdict == .warn)
    #expect(granted.delay == .zero)
    let second = ledger.ask(tokens(1), at: after(1800))
    #expect(second.verdict == .throttle)
    #expect(second.delay == .seconds(60))
  }

  @Test("one account paces all its callers together, and exactly")
  func exact() {
    var ledger = makeLedger([.test(limit: 1_000_000, window: .fixed(.hours(1)), throttleAt: 900_000)])
    _ = ledger.hold(tokens(910_000), at: after(0))
    // 90,000 tokens for 3600 s: 25 a second. 250 tokens stand for 10 s.
    _ = ledger.hold(tokens(250), at: after(0))
    #expect(ledger.ask(tokens(250), at: after(0)).delay == .seconds(10))
    #expect(ledger.ask(tokens(250), at: after(4)).delay == .seconds(6))
    #expect(ledger.ask(tokens(250), at: after(10)).delay == .zero)
    // Asking takes nothing; a second grant queues behind the first: 89,750 tokens are left for 3596 s.
    _ = ledger.hold(tokens(250), at: after(4))
    let behind = ledger.ask(tokens(250), at: after(4)).delay
    let expected = Interval(nanoseconds: 6_000_000_000 + 250 * 3_596_000_000_000 / 89_750)
    #expect(behind == expected)
  }

  @Test("who comes no faster than the rate that lands on the limit is never delayed, and uses all of it")
  func sustainable() {
    var ledger = makeLedger([.test(limit: 10_000, window: .fixed(.hours(1)), throttleAt: 500_000)])
    _ = ledger.hold(tokens(5_000), at: after(0))
    // 5,000 tokens for 3,600 s: 25 tokens each 18 s.
    for call in 0..<200 {
      let request = SpendRequest(tags: .empty, spend: tokens(25))
      guard
        case .granted(_, let decision, _) = ledger.reserve(request, ttl: nil, secret: 1, now: after(Int64(call) * 18))
      else { return #expect(Bool(false), "call \(call)") }
      #expect(decision.delay <= .seconds(1), "call \(call)")
    }
    #expect(ledger.ask(tokens(1), at: after(3599)).verdict == .deny)
  }

  @Test("a rolling window's pace is a whole limit in a whole window")
  func rolling() {
    var ledger = makeLedger([.test(limit: 3600, window: .rolling(.hours(1)), throttleAt: 900_000)])
    _ = ledger.hold(tokens(3300), at: after(0))
    _ = ledger.hold(tokens(20), at: after(0))
    #expect(ledger.ask(tokens(20), at: after(5)).delay == .seconds(15))
  }

  @Test("usage that nobody reserved takes its time too")
  func lines() {
    var ledger = makeLedger([.test(limit: 1_000_000, window: .fixed(.hours(1)), throttleAt: 900_000)])
    ledger.line(.tokens, 909_750, "", at: after(0))
    ledger.line(.tokens, 250, "", at: after(3))
    // 90,250 tokens were left for 3597 s.
    let expected = Interval(nanoseconds: 250 * 3_597_000_000_000 / 90_250)
    #expect(ledger.ask(tokens(1), at: after(3)).delay == expected)
    #expect(ledger.ask(tokens(1), at: after(13)).delay == .zero)
  }

  @Test("what was reserved is not counted a second time when it is settled")
  func settled() {
    var ledger = makeLedger([.test(limit: 1_000_000, window: .fixed(.hours(1)), throttleAt: 900_000)])
    _ = ledger.hold(tokens(910_000), at: after(0))
    guard let id = ledger.hold(tokens(250), at: after(0)) else { return #expect(Bool(false)) }
    _ = ledger.settle(id, actual: nil, now: after(10))
    #expect(ledger.ask(tokens(250), at: after(10)).delay == .zero)
  }

  @Test("a hold lasts for its time to live and the delay")
  func holdsLonger() {
    var ledger = Self.ledger()
    _ = ledger.hold(tokens(950), at: after(0))
    _ = ledger.hold(tokens(10), at: after(0))
    let request = SpendRequest(tags: .empty, spend: tokens(1))
    guard
      case .granted(_, let decision, let expiresAt) = ledger.reserve(
        request, ttl: .seconds(30), secret: 1, now: after(0))
    else { return #expect(Bool(false)) }
    #expect(decision.delay == .seconds(60))
    #expect(expiresAt == after(90).wall)
  }

  @Test("only enforced budgets slow anybody down", arguments: [Budget.Mode.shadow, .warn])
  func notEnforced(mode: Budget.Mode) {
    var ledger = Self.ledger(mode: mode)
    _ = ledger.hold(tokens(950), at: after(0))
    _ = ledger.hold(tokens(10), at: after(0))
    let decision = ledger.ask(tokens(10), at: after(0))
    #expect(decision.verdict < .throttle)
    #expect(decision.delay == .zero)
  }

  @Test("the tally says throttle, and a denial goes before a delay")
  func tally() {
    var ledger = Self.ledger()
    _ = ledger.hold(tokens(950), at: after(0))
    _ = ledger.hold(tokens(10), at: after(0))
    _ = ledger.hold(tokens(10), at: after(0))
    let throttled = ledger.view(now: after(0)).tallies[0][.throttle]
    #expect(throttled == 1)
    let denied = ledger.ask(tokens(100), at: after(0))
    #expect(denied.verdict == .deny)
    #expect(denied.delay == .zero)
  }
}
