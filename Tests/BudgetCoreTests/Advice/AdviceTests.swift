import Testing

@testable import BudgetCore

@Suite struct AdviceTests {
  static func account(
    used: Quantity, reserved: Quantity = 0, limit: Quantity? = 1_000, mode: Budget.Mode = .enforce
  ) -> AccountStatus {
    let rule = SharedBudget(
      Budget(name: "b", limit: limit, window: .lifetime(idleExpiry: nil), mode: mode))
    return AccountStatus(
      AccountFigures(
        index: -1, limit: limit, used: used, reserved: reserved, usedTotal: used, windowStart: Instant(seconds: 0),
        windowEnd: .distantFuture),
      of: AccountIdentity(rule: rule, values: []))
  }

  private func advice(
    _ accounts: [AccountStatus], model: String? = nil, _ difficulty: Difficulty = .medium,
    change: (inout AdviceSettings) -> Void = { _ in }
  ) -> Advice {
    var settings = AdviceSettings()
    change(&settings)
    return Advice(accounts: accounts, model: model, difficulty: difficulty, settings: settings)
  }

  @Test(
    "B18: above 0.7 compress to 4000, above 0.9 to 2000, strictly",
    arguments: [
      (0, nil), (700, nil), (701, 4_000), (900, 4_000), (901, 2_000), (1_000, 2_000), (5_000, 2_000),
    ] as [(Int, Int64?)])
  func ladder(used: Int, tokens: Int64?) {
    #expect(advice([Self.account(used: Quantity(used))]).compressTo == tokens)
  }

  @Test("B18: the highest rung that is passed wins, whatever the order they are written in")
  func order() {
    let reversed = advice([Self.account(used: 950)]) { $0.ladder.reverse() }
    #expect(reversed.compressTo == 2_000)
    #expect(advice([Self.account(used: 950)]) { $0.ladder = [] }.compressTo == nil)
  }

  @Test("B13: the tightest enforcing account decides")
  func tightest() {
    #expect(advice([Self.account(used: 10), Self.account(used: 950), Self.account(used: 750)]).compressTo == 2_000)
    for mode in [Budget.Mode.shadow, .warn] {
      #expect(advice([Self.account(used: 950, mode: mode)]).compressTo == nil)
    }
    #expect(advice([Self.account(used: 950, limit: nil)]).compressTo == nil)
    #expect(advice([]).compressTo == nil)
  }

  @Test("a limit of 0 counts as used up, and no amount overflows")
  func extremes() {
    #expect(advice([Self.account(used: 0, limit: 0)]).compressTo == 2_000)
    #expect(advice([Self.account(used: .max, limit: 1)]).compressTo == 2_000)
    #expect(advice([Self.account(used: 0, limit: .max)]).compressTo == nil)
  }

  static let tiers = ModelTiers(easy: ["gpt-4o-mini", "haiku"], medium: ["gpt-4o"], hard: ["o3"])

  @Test(
    "B19: the tier of the difficulty, one cheaper when little is left, never a dearer one",
    arguments: [
      ("o3", .easy, 0, "gpt-4o-mini"), ("o3", .medium, 0, "gpt-4o"), ("o3", .hard, 0, nil),
      ("gpt-4o", .medium, 0, nil), ("gpt-4o", .hard, 0, nil), ("haiku", .easy, 0, nil), ("haiku", .hard, 0, nil),
      ("o3", .hard, 800, nil), ("o3", .hard, 801, "gpt-4o"), ("gpt-4o", .medium, 801, "gpt-4o-mini"),
      ("gpt-4o-mini", .easy, 999, nil), ("openai/gpt-4o-2024-08-06", .medium, 0, nil),
      ("unheard-of", .hard, 0, "o3"), (nil, .medium, 0, "gpt-4o"), (nil, .medium, 900, "gpt-4o-mini"),
    ] as [(String?, Difficulty, Int, String?)])
  func models(asked: String?, difficulty: Difficulty, used: Int, suggested: String?) {
    let found = advice([Self.account(used: Quantity(used))], model: asked, difficulty) { $0.models = Self.tiers }
    #expect(found.model == suggested)
  }

  @Test("B19: what is held counts as gone")
  func held() {
    let account = Self.account(used: 400, reserved: 450)
    #expect(advice([account], model: "gpt-4o") { $0.models = Self.tiers }.model == "gpt-4o-mini")
  }

  @Test("B19: an empty tier is the next cheaper one, and without tiers no model is suggested")
  func emptyTiers() {
    #expect(ModelTiers(easy: ["a"]).better(than: "x", for: .hard) == "a")
    #expect(ModelTiers(hard: ["a"]).better(than: "x", for: .medium) == nil)
    #expect(advice([Self.account(used: 999)], model: "o3", .easy).model == nil)
  }

  @Test("B19: an unknown or absent difficulty is medium")
  func difficulty() {
    #expect([nil, "", "Easy", "extreme", "medium"].map { Difficulty(name: $0) }.allSatisfy { $0 == .medium })
    #expect(Difficulty.allCases.allSatisfy { Difficulty(name: $0.name) == $0 })
  }
}
