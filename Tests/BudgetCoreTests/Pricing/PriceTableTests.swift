import BudgetCore
import Testing

@Suite("Price table")
struct PriceTableTests {
  private func price(_ provider: String, _ model: String, _ input: Int64 = 1) -> ModelPrice {
    ModelPrice(provider: provider, model: model, rates: TokenRates(input: input, output: input))
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var provider: String?
    var asked: String
    var found: String
    var means: PriceMatch.Means

    init(_ provider: String?, _ asked: String, _ found: String, _ means: PriceMatch.Means) {
      (self.provider, self.asked, self.found, self.means) = (provider, asked, found, means)
    }

    var testDescription: String { "\(provider ?? "-") \(asked)" }
  }

  @Test(
    "a model is found by the names people give it",
    arguments: [
      Case("openai", "gpt-4o", "openai gpt-4o", .exact),
      Case(nil, "gpt-4o", "openai gpt-4o", .model),
      Case("azure", "gpt-4o", "openai gpt-4o", .model),
      Case("OpenAI", "GPT-4o", "openai gpt-4o", .exact),
      Case(nil, "GPT-4O", "openai gpt-4o", .model),
      Case(nil, "openai/gpt-4o", "openai gpt-4o", .providerPrefix),
      Case("proxy", "openai/gpt-4o", "openai gpt-4o", .providerPrefix),
      Case(nil, "azure/eu/gpt-4o", "openai gpt-4o", .providerPrefix),
      Case(nil, "openrouter/anthropic/claude-opus-5", "anthropic claude-opus-5", .providerPrefix),
      Case(nil, "anthropic.claude-opus-5", "anthropic claude-opus-5", .providerPrefix),
      Case(nil, "us.anthropic.claude-opus-5", "anthropic claude-opus-5", .providerPrefix),
      Case("bedrock", "us-gov.anthropic.claude-opus-5", "anthropic claude-opus-5", .providerPrefix),
      Case(nil, "vertex_ai/publishers/google/models/gemini-2.5-pro", "gemini gemini-2.5-pro", .providerPrefix),
      Case(nil, "gpt-4.1-mini", "openai gpt-4.1-mini", .model),
      Case(nil, "gpt-4o-2024-05-13", "openai gpt-4o-2024-05-13", .model),
      Case(nil, "gpt-4o-2029-01-31", "openai gpt-4o", .datedAlias),
      Case("openai", "o3-20290131", "openai o3", .datedAlias),
      Case(nil, "claude-sonnet-4-5@20250929", "anthropic claude-sonnet-4-5-20250929", .datedAlias),
      Case(nil, "claude-opus-5@20270101", "anthropic claude-opus-5", .datedAlias),
      Case(nil, "claude-opus-5@default", "anthropic claude-opus-5", .datedAlias),
      Case(nil, "claude-opus-5-latest", "anthropic claude-opus-5", .datedAlias),
      Case(nil, "anthropic/claude-opus-5-latest", "anthropic claude-opus-5", .datedAlias),
      Case(
        nil, "bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic claude-haiku-4-5-20251001", .datedAlias),
      Case(nil, "us.anthropic.claude-opus-5-20270101-v2:0", "anthropic claude-opus-5", .datedAlias),
      Case(nil, "anthropic.claude-opus-4-6-v1", "anthropic claude-opus-4-6", .datedAlias),
      Case(nil, "gpt-4o-audio-preview", "openai gpt-4o-audio-preview-2025-06-03", .datedAlias),
      Case(nil, "gpt-4o-mini-audio-preview-latest", "openai gpt-4o-mini-audio-preview-2024-12-17", .datedAlias),
      Case(nil, "openai/gpt-4o-audio-preview", "openai gpt-4o-audio-preview-2025-06-03", .datedAlias),
      Case("mistral", "pixtral-large", "mistral pixtral-large-latest", .datedAlias),
      Case(nil, "ft:gpt-4o-2024-08-06:org:name:id", "openai ft:gpt-4o-2024-08-06", .datedAlias),
      Case(nil, "ft:gpt-4o:org::id", "openai ft:gpt-4o-2024-11-20", .datedAlias),
    ])
  func builtInNames(example: Case) {
    let match = PriceTable.builtIn.lookup(provider: example.provider, model: example.asked)
    #expect("\(match.price.provider) \(match.price.model)" == example.found)
    #expect(match.matchedBy == example.means)
    #expect(!match.isEstimated)
  }

  @Test(
    "a model nobody knows takes the fallback rates and is marked estimated",
    arguments: [
      "", "/", ".", "gpt", "gpt-4o-unheard-of", "acme/unheard-of", "us.anthropic.unheard-of", "unheard-of-latest",
      "gpt-4o-2024-13-01", "gpt-4o-audio-preview-2030-01-01", "-latest", "-v1:0", "ft:", "ft:unheard-of:x", "@20250101",
      "gpt-4o/", "a/b/c/d/e/f/g/gpt-4o", "é.ü", "x:0", "1:0", "v1", "deepseek",
    ])
  func fallback(model: String) {
    var table = PriceTable.builtIn
    table.fallback = TokenRates(input: 11, output: 13)
    let match = table.lookup(provider: "acme", model: model)
    #expect(match.isEstimated)
    #expect(match.matchedBy == .fallback)
    #expect(match.price == ModelPrice(provider: "acme", model: model, rates: TokenRates(input: 11, output: 13)))
    table.fallback = nil
    let unpriced = table.lookup(provider: nil, model: model)
    #expect(unpriced.isEstimated)
    #expect(unpriced.matchedBy == .none)
    #expect(unpriced.price.cost(of: [(.input, 1000), (.output, 1000)], promptTokens: 1000) == .zero)
  }

  @Test("of several providers the tag decides, then whoever was added first")
  func providers() {
    let table = PriceTable([price("b", "m", 2), price("a", "m", 1), price("a", "x-2024-01-01", 3)])
    #expect(table.lookup(provider: "a", model: "m").price.rates.input == 1)
    #expect(table.lookup(provider: "b", model: "m").price.rates.input == 2)
    #expect(table.lookup(provider: nil, model: "m").price.rates.input == 2)
    #expect(table.lookup(provider: "c", model: "m").price.rates.input == 2)
    #expect(table.lookup(provider: "a", model: "eu/m").price.rates.input == 1)
    #expect(table.lookup(provider: nil, model: "a/m").price.rates.input == 1)
    #expect(table.lookup(provider: "a", model: "m-latest").price.rates.input == 1)
    #expect(table.lookup(provider: "b", model: "x").price.rates.input == 3)
  }

  @Test("a name as written comes before one in another case, and before one without its prefix")
  func precedence() {
    let table = PriceTable([price("p", "Model", 1), price("p", "model", 2), price("gateway", "p/Model", 3)])
    #expect(table.lookup(provider: "p", model: "Model").price.rates.input == 1)
    #expect(table.lookup(provider: "p", model: "model").price.rates.input == 2)
    #expect(table.lookup(provider: "p", model: "MODEL").price.rates.input == 1)
    #expect(table.lookup(provider: "gateway", model: "p/Model").price.rates.input == 3)
    #expect(table.lookup(provider: nil, model: "p/Model").price.rates.input == 1)
    #expect(table.lookup(provider: nil, model: "x/p/Model").price.rates.input == 3)
  }

  @Test("the newest dated form counts, whatever the order, and -latest is newer than any date")
  func newest() {
    var table = PriceTable([price("p", "m-2024-05-01", 1), price("p", "m-20250101", 2), price("p", "m-2023-01-01", 3)])
    #expect(table.lookup(provider: "p", model: "m").price.rates.input == 2)
    #expect(table.lookup(provider: nil, model: "m-latest").price.rates.input == 2)
    #expect(table.lookup(provider: nil, model: "m-2022-01-01").matchedBy == .fallback)
    table.add(price("p", "m-latest", 4))
    #expect(table.lookup(provider: "p", model: "m").price.rates.input == 4)
    table.add(price("p", "m", 5))
    #expect(table.lookup(provider: "p", model: "m").matchedBy == .exact)
    #expect(table.lookup(provider: "p", model: "m-2022-01-01").price.rates.input == 5)
  }

  @Test("a file's prices override built-in ones and leave the others alone")
  func merging() {
    var table = PriceTable.builtIn
    table.fallback = nil
    table.merge(PriceTable([price("openai", "gpt-4o", 42), price("acme", "acme-1", 7), price("acme", "o3", 8)]))
    #expect(table.lookup(provider: nil, model: "gpt-4o").price.rates.input == 42)
    #expect(table.lookup(provider: nil, model: "azure/gpt-4o").price.rates.input == 42)
    #expect(table.lookup(provider: nil, model: "acme-1").price.rates.input == 7)
    #expect(table.lookup(provider: "acme", model: "o3").price.rates.input == 8)
    #expect(table.lookup(provider: nil, model: "o3").price.rates.input == 2_000_000)
    #expect(table.lookup(provider: nil, model: "unheard-of").matchedBy == .none)
    #expect(table.models.count == 292)
  }
}
