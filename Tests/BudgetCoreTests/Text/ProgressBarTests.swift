import Testing

@testable import BudgetCore

@Suite struct ProgressBarTests {
  @Test(
    "A8: ten cells, the rounded share of them filled, thousands separated",
    arguments: [
      (82_000, 100_000, BudgetUnit.tokens, "[████████░░] 82% (82,000/100,000 tokens)"),
      (0, 100_000, .tokens, "[░░░░░░░░░░] 0% (0/100,000 tokens)"),
      (4_999, 100_000, .tokens, "[░░░░░░░░░░] 5% (4,999/100,000 tokens)"),
      (5_000, 100_000, .tokens, "[█░░░░░░░░░] 5% (5,000/100,000 tokens)"),
      (100_000, 100_000, .tokens, "[██████████] 100% (100,000/100,000 tokens)"),
      (99_999, 100_000, .tokens, "[██████████] 99% (99,999/100,000 tokens)"),
      (2_500_000, 1_000_000, .tokens, "[██████████] 250% (2,500,000/1,000,000 tokens)"),
      (999, 1_000, .requests, "[██████████] 99% (999/1,000 requests)"),
      (0, 0, .tokens, "[██████████] 100% (0/0 tokens)"),
      (-5, 10, .tokens, "[░░░░░░░░░░] 0% (0/10 tokens)"),
      (1_234_500_000_000_000, 5_000_000_000_000_000, .cost, "[██░░░░░░░░] 25% (1,234.5/5,000 USD)"),
    ] as [(Int, Int, BudgetUnit, String)])
  func bar(used: Int, limit: Int, unit: BudgetUnit, text: String) {
    #expect(ProgressBar(used: Quantity(used), limit: Quantity(limit), unit: unit).text == text)
  }

  @Test("A8: without a limit there is no bar")
  func unlimited() {
    #expect(ProgressBar(used: 12_000, limit: nil, unit: .tokens).text == "12,000 tokens, no limit")
  }

  @Test("no amount is too large for the bar")
  func largest() {
    #expect(ProgressBar(used: .max, limit: 1, unit: .tokens).text.hasPrefix("[██████████] "))
    #expect(ProgressBar(used: .max, limit: .max, unit: .cost).text.hasPrefix("[██████████] "))
    #expect(ProgressBar(used: .min, limit: .max, unit: .cost).text.hasPrefix("[░░░░░░░░░░] 0%"))
  }

  @Test(
    "a comma stands between thousands",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (425_000, "425,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
    ] as [(Int, String)])
  func grouped(value: Int, text: String) {
    #expect(GroupedDigits.text(Quantity(value)) == text)
  }
}
