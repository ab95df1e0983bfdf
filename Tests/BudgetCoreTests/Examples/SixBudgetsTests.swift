import Testing

@testable import BudgetCore

/// Caps for each session, each day and each model, in tokens and in USD. A call is 8,000 tokens of input and 2,000 of
/// output: 0.04 USD with `gpt-4o`, 0.0024 USD with `gpt-4o-mini`.
@Suite("Example: caps per session, day and model")
struct SixBudgetsTests {
  private static let budgets: [Budget] = [
    .test("session", limit: 20_000, per: ["session"]),
    .test("session", limit: dollars(10), unit: .cost, per: ["session"]),
    .test("day", limit: 75_000, window: .rolling(.hours(24))),
    .test("day", limit: dollars(50), unit: .cost, window: .rolling(.hours(24))),
    .test("model", limit: 60_000, per: ["model"]),
    .test("model", limit: dollars(30), unit: .cost, per: ["model"]),
  ]

  private static let call = Spend(tokens: [
    TokenAmount(kind: .input, count: 8_000), TokenAmount(kind: .output, count: 2_000),
  ])

  private func who(_ session: Int, _ model: String = "gpt-4o") -> TagSet {
    tags(["session": "s\(session)", "model": model])
  }

  /// Two calls in each of three sessions: 60,000 tokens for 0.24 USD.
  private func makeScene() -> Ledger {
    var ledger = makeLedger(Self.budgets) { $0.prices = .builtIn }
    for number in 0..<6 {
      let id = ledger.hold(Self.call, who(number / 2), at: after(Int64(number)))
      #expect(id != nil, "call \(number)")
      if let id { _ = ledger.settle(id, actual: nil, now: after(Int64(number))) }
    }
    return ledger
  }

  private func breaches(_ decision: Decision) -> [String] {
    decision.breaches.map { "\($0.account.budget.name) \($0.account.budget.unit.name) \($0.account.remaining ?? -1)" }
  }

  @Test("D1, D8: whichever cap is tightest denies, and all that deny are named")
  func tightest() {
    var ledger = makeScene()
    // The first session has used its 20,000 tokens and 0.08 of 0.10 USD; the model all of its 60,000 tokens; the day
    // 60,000 of 75,000 tokens and 0.24 of 0.50 USD.
    let first = ledger.ask(Self.call, who(0), at: after(10))
    #expect(breaches(first) == ["session tokens 0", "model tokens 0", "session cost_usd \(dollars(2))"])
    // A new session is stopped by its model alone.
    let fourth = ledger.ask(Self.call, who(3), at: after(10))
    #expect(breaches(fourth) == ["model tokens 0"])
    // Another model has caps of its own; 70,000 of the day's 75,000 tokens warn.
    let other = ledger.ask(Self.call, who(3, "gpt-4o-mini"), at: after(10))
    #expect(other.verdict == .warn && other.cost == 2_400_000_000 && breaches(other) == [])
  }

  @Test("D1: a day is the last 24 hours, whenever it began")
  func rollingDay() {
    var ledger = makeScene()
    ledger.use(15_000, who(3, "gpt-4o-mini"), at: after(43_200))
    let spent = ledger.ask(tokens(1), who(4, "gpt-4o-mini"), at: after(86_399))
    // What left by then, 24 hours and at most a bucket of 24 minutes after it was used, were 60,000 tokens.
    let later = ledger.ask(tokens(20_000), who(4, "gpt-4o-mini"), at: after(86_400 + 1_440 + 6))
    #expect(breaches(spent) == ["day tokens 0"])
    #expect(later.verdict == .warn)
    let used = ledger.readings("day", at: after(86_400 + 1_440 + 6))
    // 15,000 tokens at 0.15 USD a million.
    #expect(used == [Reading(used: 15_000), Reading(used: 2_250_000_000)])
  }
}
