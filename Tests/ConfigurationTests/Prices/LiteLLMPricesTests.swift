import BudgetCore
import Configuration
import Testing

@Suite("LiteLLM price files")
struct LiteLLMPricesTests {
  private func parse(_ text: String) throws -> (prices: [ModelPrice], warnings: [PriceFileWarning]) {
    try LiteLLMPrices.parse(Array(text.utf8), file: "prices.json")
  }

  private func one(_ members: String, name: String = "m") throws -> ModelPrice {
    try #require(try parse("{\"\(name)\": {\"litellm_provider\": \"p\", \(members)}}").prices.first)
  }

  /// Provider, model and USD per million tokens: input, output, cache read, cache write, reasoning; then the steps.
  private func line(_ price: ModelPrice) -> String {
    func text(_ rates: TokenRates) -> String {
      [rates.input, rates.output, rates.cacheRead, rates.cacheWrite, rates.reasoning]
        .map { rate in rate.map { Money(picodollars: Quantity($0) * 1_000_000).decimalString } ?? "-" }
        .joined(separator: " ")
    }
    return "\(price.provider) \(price.model) \(text(price.rates))"
      + price.steps.map { " >\($0.aboveTokens) \(text($0.rates))" }.joined()
  }

  @Test("a whole file is read: prefixes, cache rates, steps, tiers, and none of the variants")
  func sample() throws {
    let file = try parse(liteLLMSample)
    #expect(file.warnings.isEmpty)
    #expect(
      file.prices.map(line) == [
        "openai gpt-6-astra 10 50 1 12.5 - >272000 20 75 2 25 -",
        "openai gpt-6.1-sol 2 10 0.1 2.5 - >272000 4 15 0.2 5 -",
        "openai gpt-5.6 4 20 0.4 5 - >272000 8 30 0.8 10 -",
        "openai gpt-5.4-mini 0.75 4.5 0.075 - -",
        "openai gpt-4o 2.5 10 1.25 - -",
        "openai gpt-4o-mini 0.15 0.6 0.075 - -",
        "openai o3 2 8 0.5 - -",
        "anthropic claude-opus-5-5 4 20 0.2 5 -",
        "anthropic claude-sonnet-5-5 2 10 0.1 2.5 -",
        "anthropic claude-haiku-5-5 0.1 0.5 0.01 0.125 - >100000 0.5 2.5 0.05 0.625 -",
        "anthropic claude-haiku-4-5 1 5 0.1 1.25 -",
        "gemini gemini-4-argon 2 10 0.1 - 10",
        "gemini gemini-2.5-pro 1.25 10 0.125 - - >200000 2.5 15 0.25 - -",
        "gemini gemini-3.1-pro-preview 2 12 0.2 - - >200000 4 18 0.4 - -",
        "xai grok-4.7 2 6 0.5 - - >200000 4 12 1 - -",
        "deepseek deepseek-v4-flash 0.3 1.2 0.006 0 -",
        "mistral mistral-large-4 1.36 4.18 0.14 - -",
        "dashscope qwen-flash 0.05 0.4 - - - >256000 0.25 2 - - -",
        "dashscope qwen-flash-2025-07-28 0.05 0.4 - - - >256000 0.25 2 - - -",
        "deepseek deepseek-flash 0.3 1.2 0.006 0 -",
      ])
    #expect(file.prices[4].maxOutputTokens == 16_384)
  }

  @Test("the file and the built-in table agree on the models both have")
  func agreement() throws {
    var compared = 0
    for price in try parse(liteLLMSample).prices {
      let match = PriceTable.builtIn.lookup(provider: price.provider, model: price.model)
      guard match.matchedBy == .exact else { continue }
      compared += 1
      #expect(match.price.rates.input == price.rates.input && match.price.rates.output == price.rates.output)
      #expect(match.price.steps == price.steps, "\(price.model)")
    }
    #expect(compared >= 15)
  }

  @Test("a rate that a step does not name stays what it is below the step")
  func partialSteps() throws {
    let price = try one(
      """
      "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-6, "cache_creation_input_token_cost": 1.25e-06,
      "output_cost_per_token_above_128k_tokens": 8e-06, "input_cost_per_token_above_500k_tokens": 3e-06
      """)
    #expect(line(price) == "p m 1 4 - 1.25 - >128000 1 8 - 1.25 - >500000 3 4 - 1.25 -")
  }

  @Test("tiers may come in any order, be written as decimals, and leave rates out")
  func tiers() throws {
    let price = try one(
      """
      "tiered_pricing": [
        {"range": [2.56e5, 1e6], "input_cost_per_token": 3e-06},
        {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06,
         "output_cost_per_reasoning_token": 6e-06},
        {"range": [32000.0, 256000], "input_cost_per_token": 2e-06, "cache_read_input_token_cost": 1e-07}]
      """)
    #expect(line(price) == "p m 1 5 - - 6 >32000 2 5 0.1 - 6 >256000 3 5 - - 6")
  }

  @Test(
    "keys of other variants change nothing",
    arguments: [
      "input_cost_per_token_batches", "input_cost_per_token_flex", "input_cost_per_token_priority",
      "input_cost_per_token_ultrafast", "input_cost_per_token_above_12hr", "input_cost_per_token_above_k_tokens",
      "input_cost_per_token_above_200k_tokens_batches", "input_cost_per_token_above_12hr_above_200k_tokens",
      "cache_creation_input_token_cost_above_1hr", "input_cost_per_token_above_-1k_tokens",
      "input_cost_per_image_token",
      "input_cost_per_token_above_99999999999999999999k_tokens", "xinput_cost_per_token", "off_peak_pricing",
    ])
  func variants(key: String) throws {
    let price = try one("\"input_cost_per_token\": 1e-06, \"output_cost_per_token\": 2e-06, \"\(key)\": -5")
    #expect(line(price) == "p m 1 2 - - -")
  }

  @Test(
    "a price that cannot be meant is refused with file, model and key",
    arguments: [
      ("-1e-06", "-1e-06"), ("-1e-30", "-1e-30"), ("1.5", "1.5"), ("1e400", "1e400"), ("1e999999999", "1e999999999"),
      ("\"1e-06\"", "the string \"1e-06\""), ("true", "a boolean"), ("[]", "an array"), ("{}", "an object"),
    ])
  func badPrices(value: String, shown: String) {
    for key in ["input_cost_per_token", "cache_read_input_token_cost_above_200k_tokens"] {
      let error = #expect(throws: PriceFileError.self) { try one("\"\(key)\": \(value)", name: "openai/x") }
      #expect(error == .badPrice(file: "prices.json", model: "openai/x", key: key, found: shown))
      #expect(
        error?.description
          == "prices.json: openai/x: \(key) is \(shown); a price per token is a number from 0 to 1 (USD)")
    }
  }

  @Test(
    "a tier that cannot be meant is refused with its place",
    arguments: [
      ("7", "tiered_pricing", "a number"), ("[7]", "tiered_pricing[0]", "a number"),
      ("[{}]", "tiered_pricing[0].range", "null"), ("[{\"range\": []}]", "tiered_pricing[0].range", "an array"),
      ("[{\"range\": [-1, 5]}]", "tiered_pricing[0].range", "an array"),
      ("[{\"range\": [0.5, 5]}]", "tiered_pricing[0].range", "an array"),
    ])
  func badTiers(value: String, key: String, found: String) {
    let error = #expect(throws: PriceFileError.self) { try one("\"tiered_pricing\": \(value)") }
    guard case .unexpectedValue("prices.json", "m", key, found, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a file that is not an object of objects is refused")
  func badFiles() {
    #expect(throws: PriceFileError.notAnObject(file: "prices.json")) { try parse("[]") }
    let entry = #expect(throws: PriceFileError.self) { try parse("{\"m\": 5}") }
    #expect(entry?.description == "prices.json: m: the entry is a number; it must be an object")
    let text = #expect(throws: PriceFileError.self) { try parse("{\n\"m\": }") }
    #expect(text?.description == "prices.json, line 2, column 6: unexpected '}'")
  }

  @Test("only models charged by the token are read; one without a price is reported")
  func skipped() throws {
    let file = try parse(
      """
      {"sample_spec": {"input_cost_per_token": "a number"},
       "image": {"mode": "image_generation", "input_cost_per_token": "x"},
       "half": {"mode": "chat", "input_cost_per_token": 1e-06},
       "empty": {},
       "nothing": {"input_cost_per_token": null, "output_cost_per_token": 1e-06},
       "embed": {"mode": "embedding", "litellm_provider": "p", "input_cost_per_token": 2e-08},
       "free": {"mode": "chat", "litellm_provider": "p", "input_cost_per_token": 0, "output_cost_per_token": -0.0}}
      """)
    #expect(file.prices.map(line) == ["p embed 0.02 0 - - -", "p free 0 0 - - -"])
    #expect(file.warnings.map(\.model) == ["half", "empty", "nothing"])
    #expect(file.warnings.allSatisfy { $0.reason == .noTokenPrice })
  }

  @Test(
    "a provider in front of a name is taken off when it is the entry's own",
    arguments: [
      ("gemini/x", "gemini", "gemini x"), ("openai/gpt", "openrouter", "openrouter openai/gpt"),
      ("vertex_ai/x", "vertex_ai-anthropic_models", "vertex_ai x"), ("x", "vertex_ai-language-models", "vertex_ai x"),
      ("x", "bedrock_converse", "bedrock x"), ("bedrock/us-east-1/x", "bedrock", "bedrock us-east-1/x"),
      ("p/", "p", "p p/"), ("a/b", nil, "a b"), ("b", nil, " b"),
    ] as [(String, String?, String)])
  func identities(name: String, provider: String?, expected: String) throws {
    let written = provider.map { "\"litellm_provider\": \"\($0)\"," } ?? ""
    let file = try parse(
      "{\"\(name)\": {\(written) \"input_cost_per_token\": 0, \"output_cost_per_token\": 0}}")
    #expect(file.prices.map { "\($0.provider) \($0.model)" } == [expected])
  }

  @Test("of two entries of one model the later counts, and a difference is reported")
  func repeated() throws {
    func entry(_ input: String) -> String {
      "{\"litellm_provider\": \"p\", \"input_cost_per_token\": \(input), \"output_cost_per_token\": 1e-06}"
    }
    let different = try parse("{\"m\": \(entry("1e-06")), \"p/m\": \(entry("2e-06"))}")
    #expect(different.prices.map(line) == ["p m 2 1 - - -"])
    #expect(different.warnings == [PriceFileWarning(model: "p/m", reason: .replacesAnother)])
    #expect(try parse("{\"m\": \(entry("1e-06")), \"p/m\": \(entry("0.000001"))}").warnings.isEmpty)
  }

  @Test("an output limit that is no limit is left out", arguments: ["null", "\"8k\"", "-1", "0", "1.5", "1e40"])
  func outputLimits(value: String) throws {
    let rates = "\"input_cost_per_token\": 0, \"output_cost_per_token\": 0"
    #expect(try one("\(rates), \"max_output_tokens\": \(value)").maxOutputTokens == nil)
    #expect(try one("\(rates), \"max_output_tokens\": 8192.0").maxOutputTokens == 8192)
  }
}
