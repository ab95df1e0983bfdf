import Testing

@testable import BudgetCore

/// 500 USD a month over several agents. `gpt-4o` costs 2.50 and 10 USD a million tokens of input and output,
/// `claude-sonnet-4-5` 3 and 15.
@Suite("Example: 500 dollars a month over several agents")
struct MonthlyCostTests {
  private static let budget = Budget.test(
    "research-month", limit: dollars(500_00), unit: .cost, match: [TagPattern(key: "agent", glob: "research-*")],
    window: .calendar(CalendarRule(period: .month)))

  private static func agent(_ name: String, _ model: String) -> TagSet {
    tags(["agent": "research-\(name)", "model": model])
  }

  private static func millions(_ input: Int64, _ output: Int64) -> Spend {
    Spend(tokens: [
      TokenAmount(kind: .input, count: input * 1_000_000), TokenAmount(kind: .output, count: output * 1_000_000),
    ])
  }

  /// The planner has spent 40 x 2.50 + 5 x 10 = 150 USD, the coder 50 x 3 + 10 x 15 = 300 USD.
  private func makeScene() -> Ledger {
    var ledger = makeLedger([Self.budget]) { $0.prices = .builtIn }
    _ = ledger.record(Self.millions(40, 5), tags: Self.agent("planner", "gpt-4o"), now: after(0))
    _ = ledger.record(Self.millions(50, 10), tags: Self.agent("coder", "claude-sonnet-4-5"), now: after(1))
    return ledger
  }

  @Test("C3: all of them spend from one sum, and are warned at 400 USD")
  func oneSum() {
    var ledger = makeScene()
    let (used, told) = (ledger.used("research-month", at: after(2)), ledger.told())
    #expect(used == dollars(450_00) && told == [.warn])
    _ = ledger.record(Self.millions(900, 900), tags: tags(["agent": "billing", "model": "gpt-4o"]), now: after(2))
    let after = ledger.used("research-month", at: after(3))
    #expect(after == dollars(450_00))
  }

  @Test("C3: what would pass 500 USD is denied until the month ends, the exact fit is granted")
  func denied() {
    var ledger = makeScene()
    // 20 x 3 = 60 USD, of which 50 are left.
    let who = Self.agent("reviewer", "claude-sonnet-4-5")
    let decision = ledger.ask(Self.millions(20, 0), who, at: after(2))
    #expect(decision.verdict == .deny && decision.cost == dollars(60_00))
    #expect(decision.breaches[0].account.remaining == dollars(50_00))
    // The first of July 2025, 00:00 UTC.
    let july = Instant(seconds: 1_751_328_000)
    #expect(decision.breaches[0].account.resetsAt == july)
    #expect(decision.breaches[0].retryAfter == july - after(2).wall)
    // 20 x 2.50 is 50 USD to the cent.
    let fitting = ledger.ask(Self.millions(20, 0), Self.agent("reviewer", "gpt-4o"), at: after(2))
    #expect(fitting.verdict == .warn)
    let next = ledger.ask(Self.millions(20, 0), who, at: Moment(july))
    #expect(next.verdict == .allow)
  }

  @Test("C2, C3: less output for what the money pays")
  func partial() {
    var ledger = makeScene()
    // 10 x 3 = 30 USD of input leave 20 USD: 1,333,333 tokens of output for 19.999995 USD.
    let decision = ledger.ask(
      Self.millions(10, 2), Self.agent("reviewer", "claude-sonnet-4-5"), partial: true, at: after(2))
    #expect(decision.granted.outputTokens == 1_333_333)
    #expect(Money(picodollars: decision.cost).decimalString == "49.999995")
  }
}
