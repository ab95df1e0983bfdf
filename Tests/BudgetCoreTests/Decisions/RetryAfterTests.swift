import Testing

@testable import BudgetCore

@Suite("Retry-After")
struct RetryAfterTests {
  private static let windows: [WindowRule] = [
    .rolling(.minutes(10)), .rolling(Interval(nanoseconds: 1_234_567_891)), .fixed(.minutes(7)),
    .calendar(CalendarRule(period: .hour)), .lifetime(idleExpiry: .minutes(3)), .lifetime(idleExpiry: nil),
  ]

  @Test(
    "after exactly that long the same request succeeds, and one nanosecond before it does not",
    arguments: windows, Budget.ExpiryPolicy.allCases)
  func isTrue(window: WindowRule, onExpiry: Budget.ExpiryPolicy) {
    var random = ZoneRandom("Retry-After, \(window.name), \(onExpiry)")
    var denials = 0
    var hopeless = 0
    for _ in 0..<60 {
      let seed = random.next()
      // The same history again for each question: asking must not change the answer.
      var ledger = Self.history(seed: seed, window: window, onExpiry: onExpiry)
      let now = ledger.now
      let spend = tokens(.random(in: 1...110, using: &random))
      let decision = ledger.ledger.ask(spend, at: now)
      guard decision.verdict == .deny else { continue }
      guard let wait = decision.breaches[0].retryAfter else {
        hopeless += 1
        var later = Self.history(seed: seed, window: window, onExpiry: onExpiry)
        let verdict = later.ledger.ask(spend, at: Moment(now.wall + .days(40))).verdict
        #expect(verdict == .deny, "seed \(seed)")
        continue
      }
      denials += 1
      #expect(wait > .zero, "seed \(seed)")
      var before = Self.history(seed: seed, window: window, onExpiry: onExpiry)
      let early = before.ledger.ask(spend, at: Moment(now.wall + wait - Interval(nanoseconds: 1))).verdict
      var then = Self.history(seed: seed, window: window, onExpiry: onExpiry)
      let late = then.ledger.ask(spend, at: Moment(now.wall + wait)).verdict
      #expect(early == .deny, "seed \(seed), \(wait.inSeconds) s")
      #expect(late != .deny, "seed \(seed), \(wait.inSeconds) s")
      // However often somebody looked in between.
      var looked = Self.history(seed: seed, window: window, onExpiry: onExpiry)
      for part in 1..<10 {
        looked.ledger.maintain(now: Moment(now.wall + Interval(nanoseconds: wait.nanoseconds / 10 * Int64(part))))
      }
      let lookedAt = looked.ledger.ask(spend, at: Moment(now.wall + wait)).verdict
      #expect(lookedAt != .deny, "seed \(seed), \(wait.inSeconds) s")
    }
    #expect(denials + hopeless > 10)
  }

  /// A ledger with some past, and the moment it has come to.
  private struct Past: ~Copyable {
    var ledger: Ledger
    var now: Moment
  }

  private static func history(seed: UInt64, window: WindowRule, onExpiry: Budget.ExpiryPolicy) -> Past {
    var random = SeededRandom(seed: seed)
    var ledger = makeLedger([.test(limit: 100, window: window, onExpiry: onExpiry)])
    var now = noon + Interval(nanoseconds: .random(in: 0...7_000_000_000_000, using: &random))
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      now = now + Interval(nanoseconds: .random(in: 0...90_000_000_000, using: &random))
      if Bool.random(using: &random) {
        ledger.use(.random(in: 1...40, using: &random), at: Moment(now))
      } else {
        let ttl = Interval(nanoseconds: .random(in: 1_000_000...300_000_000_000, using: &random))
        _ = ledger.hold(tokens(.random(in: 1...60, using: &random)), ttl: ttl, at: Moment(now))
      }
    }
    return Past(ledger: ledger, now: Moment(now))
  }

  @Test("larger than the limit: no waiting helps")
  func neverFits() {
    var ledger = makeLedger([.test(limit: 100, window: .rolling(.hours(1)))])
    let decision = ledger.ask(tokens(101), at: after(0))
    #expect(decision.breaches.map(\.retryAfter) == [nil])
  }
}
