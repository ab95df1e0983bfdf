import BudgetCore
import Testing

@Suite("Model prices")
struct ModelPriceTests {
  private let stepped = ModelPrice(
    provider: "p", model: "m", rates: TokenRates(input: 10, output: 20, cacheRead: 1),
    steps: [
      .init(aboveTokens: 500_000, rates: TokenRates(input: 40, output: 80)),
      .init(aboveTokens: 272_000, rates: TokenRates(input: 20, output: 30, cacheRead: 2)),
    ])

  @Test("800 input and 200 output tokens of gpt-4o cost 0.004 USD exactly")
  func workedExample() {
    let price = PriceTable.builtIn.lookup(provider: "openai", model: "gpt-4o").price
    let cost = price.cost(of: [(.input, 800), (.output, 200)], promptTokens: 800)
    #expect(cost == Money(picodollars: 4_000_000_000))
    #expect(cost.decimalString == "0.004")
  }

  @Test("every kind of a request is charged at its own rate")
  func kinds() {
    let price = PriceTable.builtIn.lookup(provider: "anthropic", model: "claude-haiku-4-5").price
    // 1000 x 1 + 10_000 x 0.1 + 2000 x 1.25 + 300 x 5 + 100 x 5 + 7 x 1 USD per million.
    let tokens: [(TokenKind, Int64)] = [
      (.input, 1000), (.cacheRead, 10_000), (.cacheWrite, 2000), (.output, 300), (.reasoning, 100), (.other("x"), 7),
    ]
    #expect(price.cost(of: tokens, promptTokens: 13_000).decimalString == "0.006507")
  }

  @Test("a kind without a rate of its own takes that of input or output")
  func missingRates() {
    let plain = TokenRates(input: 3, output: 7)
    #expect(plain.rate(for: .cacheRead) == 3)
    #expect(plain.rate(for: .cacheWrite) == 3)
    #expect(plain.rate(for: .other("video")) == 3)
    #expect(plain.rate(for: .reasoning) == 7)
    let full = TokenRates(input: 3, output: 7, cacheRead: 0, cacheWrite: 4, reasoning: 9)
    #expect(full.rate(for: .cacheRead) == 0)
    #expect(full.rate(for: .cacheWrite) == 4)
    #expect(full.rate(for: .reasoning) == 9)
  }

  @Test(
    "a step applies strictly above its tokens, and the highest one reached counts",
    arguments: [
      (0, 10), (271_999, 10), (272_000, 10), (272_001, 20), (500_000, 20), (500_001, 40), (.max, 40), (-1, 10),
    ] as [(Int64, Int64)])
  func steps(prompt: Int64, input: Int64) {
    #expect(stepped.rates(promptTokens: prompt).input == input)
  }

  @Test("above a step every token of the request takes the higher rate")
  func wholeRequest() {
    let price = PriceTable.builtIn.lookup(provider: "openai", model: "gpt-5.4").price
    let below = price.cost(of: [(.input, 272_000), (.output, 1000)], promptTokens: 272_000)
    #expect(below.decimalString == "0.695")
    let above = price.cost(of: [(.input, 272_001), (.output, 1000)], promptTokens: 272_001)
    #expect(above.decimalString == "1.382505")
    // Most of the prompt came from the cache: it still decides the step.
    let cached = price.cost(of: [(.input, 1), (.cacheRead, 272_000)], promptTokens: 272_001)
    #expect(cached.decimalString == "0.136005")
  }

  @Test("foreign amounts saturate instead of trapping")
  func saturation() {
    let price = ModelPrice(provider: "", model: "", rates: TokenRates(input: .max, output: .max))
    let most = [(TokenKind, Int64)](repeating: (.input, .max), count: 5)
    #expect(price.cost(of: most, promptTokens: 0).picodollars == .max)
    let least = [(TokenKind, Int64)](repeating: (.output, .min), count: 5)
    #expect(price.cost(of: least, promptTokens: 0).picodollars == .min)
  }

  @Test(
    "a kind's name leads back to it", arguments: ["input", "output", "cache_read", "cache_write", "reasoning", "x"])
  func names(name: String) {
    #expect(TokenKind(name: name).name == name)
    #expect((TokenKind(name: name) == .other(name)) == (name == "x"))
  }
}
