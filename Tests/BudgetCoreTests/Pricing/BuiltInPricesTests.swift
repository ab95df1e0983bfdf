import Testing

@testable import BudgetCore

@Suite("Built-in prices")
struct BuiltInPricesTests {
  private let models = BuiltInPrices.models

  @Test("every line of the table is a price, and no two are of the same model")
  func complete() {
    #expect(BuiltInPrices.table.split(separator: "\n").count == 290)
    #expect(models.count == 290)
    #expect(PriceTable.builtIn.models == models)
    let counts = Dictionary(grouping: models, by: \.provider).mapValues(\.count)
    #expect(counts == ["openai": 124, "anthropic": 22, "gemini": 40, "xai": 43, "deepseek": 10, "mistral": 51])
    for price in models {
      let match = PriceTable.builtIn.lookup(provider: price.provider, model: price.model)
      #expect(match == PriceMatch(price: price, matchedBy: .exact))
    }
  }

  /// Sums of each column, taken from the published lists by other means.
  @Test("the columns add up")
  func controlTotals() {
    func total(_ rate: (ModelPrice) -> Int64?) -> Int64 { models.compactMap(rate).reduce(0, +) }
    #expect(total { $0.rates.input } == 1_202_140_000)
    #expect(total { $0.rates.output } == 5_500_980_000)
    #expect(total { $0.rates.cacheRead } == 77_212_000)
    #expect(total { $0.rates.cacheWrite } == 245_500_000)
    #expect(total { $0.steps.first?.aboveTokens } == 16_340_000)
    #expect(total { $0.steps.first?.rates.input } == 572_100_000)
    #expect(total { $0.steps.first?.rates.output } == 2_250_550_000)
    #expect(total { $0.steps.first?.rates.cacheRead } == 40_360_000)
    #expect(total(\.maxOutputTokens) == 65_626_557)
    #expect(models.count { !$0.steps.isEmpty } == 75)
    #expect(models.count { $0.rates.cacheRead == nil } == 61)
  }

  @Test("a cache write above a step keeps its proportion to input")
  func cacheWriteSteps() throws {
    func write(_ model: String) throws -> Int64? {
      try #require(models.first { $0.model == model }?.steps.first).rates.cacheWrite
    }
    #expect(try write("gpt-6-astra") == 25_000_000)
    #expect(try write("gpt-5.6") == 10_000_000)
    #expect(try write("claude-haiku-5-5") == 625_000)
    #expect(try write("gpt-5.4") == nil)
  }

  @Test(
    "a line that is not a price is left out",
    arguments: [
      "", "p,m,1,2", "p,m,x,2,,,,,,,", "p,m,1,,,,,,,,", "p,m,-1,2,,,,,,,", "p,m,1.,2,,,,,,,", "p,m,1.0000001,2,,,,,,,",
      "p,m,1e3,2,,,,,,,", "p,m,1,2,,,200000,,4,,", "p,m,99999999999,2,,,,,,,",
    ])
  func malformedLines(line: String) { #expect(BuiltInPrices.parse(line).isEmpty) }

  @Test("decimals are read exactly")
  func decimals() throws {
    let price = try #require(BuiltInPrices.parse("p,m,0.000001,4294967295.123456,0,0.5,,,,,").first)
    #expect(price.rates == TokenRates(input: 1, output: 4_294_967_295_123_456, cacheRead: 0, cacheWrite: 500_000))
  }
}
