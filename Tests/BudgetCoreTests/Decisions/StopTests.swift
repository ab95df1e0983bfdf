import Testing

@testable import BudgetCore

@Suite("Stop with grace")
struct StopTests {
  private static func ledger(window: WindowRule = .fixed(.hours(1)), grace: Quantity = 200) -> Ledger {
    makeLedger([.test(limit: 1000, window: window, stopGrace: grace)])
  }

  @Test("C12: the grace is granted with a warning, to come to an end; past it nothing is")
  func grace() {
    var ledger = Self.ledger()
    ledger.use(950, at: after(0))
    #expect(ledger.ask(tokens(250), at: after(0)).verdict == .warn)
    #expect(ledger.ask(tokens(251), at: after(0)).verdict == .deny)
    guard let id = ledger.hold(tokens(250), at: after(0)) else { return #expect(Bool(false)) }
    _ = ledger.settle(id, actual: nil, now: after(1))
    let decision = ledger.ask(tokens(1), at: after(1))
    #expect(decision.verdict == .deny)
    #expect(decision.accounts[0].isStopped)
    #expect(decision.accounts[0].graceRemaining == 0)
  }

  @Test("C12: the stop is told once, after the crossings before it, and the resume when the window turns")
  func events() {
    var ledger = Self.ledger()
    ledger.use(999, at: after(0))
    #expect(ledger.told() == [.warn])
    ledger.use(1, at: after(1))
    #expect(ledger.told() == [.exhausted])
    ledger.use(199, at: after(2))
    #expect(ledger.told() == [.exceeded])
    ledger.use(1, at: after(3))
    ledger.use(500, at: after(4))
    #expect(ledger.told() == [.stop])
    ledger.maintain(now: after(3600))
    #expect(ledger.told() == [.resume])
    #expect(ledger.ask(tokens(1000), at: after(3600)).verdict == .warn)
    #expect(ledger.view(now: after(3600)).tallies[0][event: .stop] == 1)
  }

  @Test("a jump over everything tells everything, in order")
  func jump() {
    var ledger = Self.ledger()
    ledger.use(5000, at: after(0))
    #expect(ledger.told() == [.warn, .exhausted, .exceeded, .stop])
  }

  @Test("without grace it stops at the limit")
  func noGrace() {
    var ledger = Self.ledger(grace: 0)
    ledger.use(1000, at: after(0))
    #expect(ledger.told() == [.warn, .exhausted, .stop])
  }

  @Test("once stopped, an account whose use leaves slowly stays so until it is below the limit")
  func breaker() {
    var ledger = Self.ledger(window: .rolling(.minutes(60)))
    ledger.use(150, at: after(0))
    ledger.use(100, at: after(600))
    ledger.use(950, at: after(1200))
    // After 61 minutes the first 150 are gone: 1050 are used, and 150 of the grace would be free.
    let stopped = ledger.ask(tokens(1), at: after(61 * 60))
    #expect(stopped.verdict == .deny)
    // Ten minutes later 950 are used.
    #expect(stopped.breaches[0].retryAfter == .seconds(600))
    #expect(ledger.ask(tokens(1), at: after(71 * 60 - 1)).verdict == .deny)
    #expect(ledger.ask(tokens(250), at: after(71 * 60)).verdict == .warn)
  }

  @Test("a top-up, a reset and a higher limit end the stop; a lower limit begins one")
  func operators() {
    var ledger = Self.ledger()
    ledger.use(1200, at: after(0))
    _ = ledger.topUp(budget: "b", unit: nil, tags: [], amount: 100, until: nil, now: after(1))
    // Use is still past the limit.
    #expect(ledger.ask(tokens(1), at: after(1)).verdict == .deny)
    _ = ledger.topUp(budget: "b", unit: nil, tags: [], amount: 101, until: nil, now: after(2))
    #expect(ledger.ask(tokens(1), at: after(2)).verdict == .warn)
    _ = ledger.override(budget: "b", unit: nil, tags: [], limit: 700, until: nil, now: after(3))
    #expect(ledger.told().suffix(2) == [.exceeded, .stop])
    _ = ledger.reset(budget: "b", unit: nil, tags: [], now: after(4))
    #expect(ledger.ask(tokens(500), at: after(4)).verdict == .allow)
    #expect(ledger.told() == [.resume])
    #expect(ledger.checkInvariants() == [])
  }

  @Test("a limit of 0 has no grace")
  func zero() {
    var ledger = makeLedger([.test(limit: 0, stopGrace: 100)])
    #expect(ledger.ask(tokens(1), at: after(0)).verdict == .deny)
  }

  @Test("after exactly the wait that a denial names, the same request succeeds", arguments: 0..<200)
  func retry(seed: UInt64) {
    /// The same history each time.
    func history() -> (ledger: Box, now: Moment) {
      var random = SeededRandom(seed: seed)
      let box = Box(
        Budget.test(
          limit: 1000, window: .rolling(.minutes(60)), onExpiry: seed % 2 == 0 ? .charge : .refund,
          stopGrace: Quantity.random(in: 0...400, using: &random)))
      var now = after(0)
      for _ in 0..<20 {
        now = Moment(now.wall + .seconds(.random(in: 1...400, using: &random)))
        if Bool.random(using: &random) {
          box.ledger.use(.random(in: 1...300, using: &random), at: now)
        } else {
          _ = box.ledger.hold(tokens(.random(in: 1...300, using: &random)), ttl: .minutes(20), at: now)
        }
      }
      return (box, now)
    }
    let (box, now) = history()
    let decision = box.ledger.ask(tokens(600), at: now)
    guard decision.verdict == .deny, let wait = decision.breaches[0].retryAfter else { return }
    let early = history().ledger.ledger.ask(tokens(600), at: Moment(now.wall + wait - Interval(nanoseconds: 1)))
    #expect(early.verdict == .deny, "\(wait.inSeconds) s")
    let then = history().ledger.ledger.ask(tokens(600), at: Moment(now.wall + wait))
    #expect(then.verdict != .deny, "\(wait.inSeconds) s")
  }

  private final class Box {
    var ledger: Ledger
    init(_ budget: Budget) { ledger = makeLedger([budget]) }
  }
}
