import Testing

@testable import BudgetCore

/// Names that stand in metrics, bodies and logs: whoever reads them relies on them.
@Suite("Names")
struct NameTests {
  @Test("verdicts, from the mildest on")
  func verdicts() {
    #expect(Verdict.allCases.sorted().map(\.name) == ["allow", "warn", "throttle", "deny"])
  }

  @Test("A17: events of budgets, and the signals of allocations")
  func events() {
    #expect(BudgetEvent.Kind.allCases.map(\.name) == ["warn", "exhausted", "exceeded", "resume", "stop", "forecast"])
    let signals = PoolTally.Event.allCases.map(\.name)
    #expect(
      signals == [
        "warn", "stop", "resume", "granted", "released", "expired", "exceeded", "topped_up", "turned",
      ])
  }

  @Test("why use went past a limit")
  func causes() {
    #expect(BudgetTally.OvershootCause.allCases.map(\.name) == ["unreserved", "underestimated", "late"])
  }

  @Test("units, and no other")
  func units() {
    #expect(BudgetUnit.allCases.map(\.name) == ["tokens", "cost_usd", "requests"])
    #expect(BudgetUnit.allCases.map { BudgetUnit(name: $0.name) } == BudgetUnit.allCases)
    #expect(BudgetUnit(name: "Tokens") == nil)
  }

  @Test("A13: priorities, in upper and lower case")
  func priorities() {
    #expect(Priority.allCases.map(\.name) == ["low", "normal", "high", "critical"])
    #expect(Priority.allCases.map { Priority(name: $0.name.uppercased()) } == Priority.allCases)
    #expect(Priority(name: "urgent") == nil)
  }

  @Test("where an estimate comes from, and how it was off")
  func estimates() {
    #expect(OutputSource.allCases.map(\.name) == ["given", "learned", "default"])
    #expect(EstimateTally.Direction.allCases.map(\.name) == ["over", "under"])
  }

  @Test("reasons to refuse or to pass over a line are words of their own")
  func reasons() {
    let names = RejectReason.allCases.map(\.name)
    #expect(Set(names).count == names.count && names.count == LedgerCounters().rejected.count)
    let words = names + IgnoreReason.allCases.map(\.name)
    #expect(words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz_8".utf8.contains($0) } })
  }
}
