import BudgetCore
import Testing

@testable import Configuration

@Suite("Estimates in a configuration")
struct EstimateDecodingTests {
  @Test("without the section, and with an empty one, the defaults hold")
  func defaults() throws {
    for text in ["", "estimates:", "estimates: {}"] {
      #expect(try parse(text).ledger.estimates == EstimateSettings(), "\(text)")
    }
  }

  @Test("every key is taken over, and any may be left out")
  func everything() throws {
    let estimates = try parse("estimates: {quantile: 0.5, default_output: 1K, max_pairs: 7}").ledger.estimates
    #expect(estimates.quantile == Ratio(millionths: 500_000))
    #expect(estimates.defaultOutput == 1000)
    #expect(estimates.maxPairs == 7)
    let some = try parse("estimates:\n  default_output: 0\n").ledger.estimates
    #expect(some.defaultOutput == 0)
    #expect(some.quantile == EstimateSettings().quantile && some.maxPairs == EstimateSettings().maxPairs)
  }

  @Test("the ends of every range are allowed")
  func ends() throws {
    let most = try parse("estimates: {quantile: 1, default_output: 1_000_000_000, max_pairs: 1_000_000}").ledger
      .estimates
    #expect(most.quantile == Ratio(millionths: 1_000_000))
    #expect(most.defaultOutput == 1_000_000_000 && most.maxPairs == 1_000_000)
    let least = try parse("estimates: {quantile: 0, default_output: 0, max_pairs: 1}").ledger.estimates
    #expect(least.quantile == Ratio(millionths: 0) && least.maxPairs == 1)
  }

  @Test(
    "a mistake names its line, its key and what would be right",
    arguments: [
      ("quantile: 95", "quantile", "a number from 0 to 1", "0.8"),
      ("quantile: -0.5", "quantile", "a number from 0 to 1", "0.8"),
      ("quantile: 0.1234567", "quantile", "at most 6 decimals", "0.8"),
      ("quantile: [0.5]", "quantile", "a number from 0 to 1", "0.8"),
      ("default_output: -1", "default_output", "a whole number from 0 to 1000000000", "1000"),
      ("default_output: 1_000_000_001", "default_output", "a whole number from 0", "1000"),
      ("default_output: 1.5", "default_output", "a whole number from 0", "1000"),
      ("default_output: 99999999999999999999", "default_output", "a whole number from 0", "1000"),
      ("max_pairs: 0", "max_pairs", "a whole number from 1 to 1000000", "2048"),
      ("max_pairs: 1_000_001", "max_pairs", "a whole number from 1", "2048"),
      ("max_pairs: many", "max_pairs", "a whole number from 1", "2048"),
      ("max_pair: 5", "max_pair", "unknown key", "max_pairs"),
    ])
  func mistakes(member: String, key: String, problem: String, remedy: String) throws {
    let found = errors(in: "estimates:\n  \(member)\n")
    #expect(found.count == 1)
    let error = try #require(found.first)
    #expect(error.line == 2 && error.key == "estimates.\(key)", "\(error)")
    #expect(error.problem.contains(problem), "\(error.problem)")
    #expect(error.remedy.contains(remedy), "\(error.remedy)")
  }

  @Test(
    "every mistake is told at once, and a section that is none is one", arguments: ["estimates: 5", "estimates: [a]"])
  func several(text: String) {
    #expect(errors(in: text).map(\.key) == ["estimates"])
    #expect(errors(in: "estimates: {quantile: 2, default_output: x, max_pairs: 0}").count == 3)
  }
}
