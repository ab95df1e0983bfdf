import BudgetCore
import Testing

@testable import Configuration

@Suite struct AdviceDecodingTests {
  @Test("B18: without a word the ladder is 4000 above 0.7 and 2000 above 0.9")
  func defaults() throws {
    let advice = try parse("labels: [agent]").ledger.advice
    #expect(advice == AdviceSettings())
    #expect(advice.ladder.map(\.compressTo) == [4_000, 2_000])
    #expect(advice.ladder.map(\.above.millionths) == [700_000, 900_000])
    #expect(advice.modelsBelow.millionths == 200_000)
  }

  @Test("B18-19: ladder, tiers and threshold are read")
  func values() throws {
    let advice = try parse(
      """
      advice:
        ladder:
          - { above: 0.5, compress_to: 8K }
        models: { easy: [a, b], hard: [c] }
        models_below: 0.1
      """
    ).ledger.advice
    #expect(advice.ladder == [AdviceSettings.Rung(above: Ratio(millionths: 500_000), compressTo: 8_000)])
    #expect(advice.models == ModelTiers(easy: ["a", "b"], hard: ["c"]))
    #expect(advice.modelsBelow.millionths == 100_000)
    #expect(try parse("advice: { ladder: [] }").ledger.advice.ladder.isEmpty)
  }

  @Test(
    "a mistake is told with its key and what would be right",
    arguments: [
      ("{ lader: [] }", "advice.lader", "unknown key", "ladder"),
      ("{ ladder: { above: 0.7 } }", "advice.ladder", "must be a list", "above: 0.7"),
      ("{ ladder: [{ above: 0.7 }] }", "advice.ladder[0]", "has no compress_to", "compress_to: 4000"),
      ("{ ladder: [{ compress_to: 7 }] }", "advice.ladder[0]", "has no above", "above: 0.7"),
      ("{ ladder: [{ above: 70, compress_to: 7 }] }", "advice.ladder[0].above", "from 0 to 1", "0.8"),
      ("{ ladder: [{ above: 0.7, compress_to: 0 }] }", "advice.ladder[0].compress_to", "a whole number", "4000"),
      ("{ ladder: [null] }", "advice.ladder[0]", "must be a rung", "above: 0.7"),
      (
        "{ ladder: [{ above: 0.7, compress_to: 5 }, { above: 0.70, compress_to: 6 }] }", "advice.ladder[1].above",
        "another rung", "Remove one"
      ),
      ("{ models: { simple: [a] } }", "advice.models.simple", "unknown key", "easy"),
      ("{ models: { easy: a } }", "advice.models.easy", "must be a list", "gpt-4o-mini"),
      ("{ models: { easy: [[]] } }", "advice.models.easy[0]", "the name of a model", "gpt-4o-mini"),
      ("{ models_below: 2 }", "advice.models_below", "from 0 to 1", "0.8"),
    ])
  func mistakes(text: String, key: String, problem: String, remedy: String) throws {
    let errors = try #require(throws: ConfigurationErrors.self) { try parse("labels: [a]\nadvice: \(text)") }
    let error = try #require(errors.errors.first)
    #expect(errors.errors.count == 1)
    #expect(error.key == key)
    #expect(error.line == 2)
    #expect(error.problem.contains(problem))
    #expect(error.remedy.contains(remedy))
  }
}
