import BudgetCore
import JSONText

/// One member of a LiteLLM price file: a model and its rates.
struct LiteLLMEntry {
  let file: String
  /// The key in the file: a model, often behind its provider.
  let name: String
  let members: JSONObject

  private static let modes: Set<String> = ["chat", "completion", "responses", "embedding", "realtime"]

  /// Whether the model is charged by the token at all.
  var isPricedByToken: Bool { mode.map { Self.modes.contains($0) } ?? true }

  private var mode: String? { members["mode"]?.asString }

  /// The price; `nil` when the entry lacks a rate for input or output.
  func price() throws(PriceFileError) -> ModelPrice? {
    var base = PartialRates()
    var steps: [Int64: PartialRates] = [:]
    for (key, value) in members.members {
      guard let (path, aboveTokens) = Self.rate(named: key), let price = try price(value, key: key) else { continue }
      if let aboveTokens {
        steps[aboveTokens, default: PartialRates()][keyPath: path] = price
      } else {
        base[keyPath: path] = price
      }
    }
    for (position, tier) in try tiers().enumerated() {
      if position == 0 {
        base = base.filled(from: tier.rates)
      } else {
        steps[tier.aboveTokens] = (steps[tier.aboveTokens] ?? PartialRates()).filled(from: tier.rates)
      }
    }
    // An older key for the same thing.
    if base.cacheRead == nil, let hit = members["input_cost_per_token_cache_hit"] {
      base.cacheRead = try price(hit, key: "input_cost_per_token_cache_hit")
    }
    // An embedding gives no tokens back.
    if mode == "embedding", base.output == nil { base.output = 0 }
    guard let rates = base.complete else { return nil }
    let (provider, model) = identity
    return ModelPrice(
      provider: provider, model: model, rates: rates,
      steps: steps.compactMap { aboveTokens, partial in
        partial.filled(from: base).complete.map { ModelPrice.Step(aboveTokens: aboveTokens, rates: $0) }
      },
      maxOutputTokens: members["max_output_tokens"]?.asInt64.flatMap { $0 > 0 ? $0 : nil })
  }

  /// Provider and model: `gemini/x` of provider `gemini` is the model `x`.
  private var identity: (provider: String, model: String) {
    let written = members["litellm_provider"]?.asString
    guard let slash = name.firstIndex(of: "/") else { return (Self.common(written ?? ""), name) }
    let head = String(name[..<slash])
    let rest = String(name[name.index(after: slash)...])
    let provider = Self.common(written ?? head)
    return provider == Self.common(head) && !rest.isEmpty ? (provider, rest) : (provider, name)
  }

  /// One name for a provider that the file splits by how it is called.
  private static func common(_ provider: String) -> String {
    switch provider {
    case "bedrock_converse": "bedrock"
    case "text-completion-openai": "openai"
    case _ where provider.hasPrefix("vertex_ai-"): "vertex_ai"
    default: provider
    }
  }

  /// Which rate a key names, and above how many tokens; `nil` for every other key and every variant we do not price.
  private static func rate(
    named key: String
  ) -> (path: WritableKeyPath<PartialRates, Int64?>, aboveTokens: Int64?)? {
    for (stem, path) in PartialRates.fields where key.hasPrefix(stem) {
      let suffix = key.utf8.dropFirst(stem.utf8.count)
      if suffix.isEmpty { return (path, nil) }
      let (before, after) = ("_above_", "k_tokens")
      guard suffix.starts(with: before.utf8), suffix.suffix(after.utf8.count).elementsEqual(after.utf8),
        let thousands = UInt32(Substring(suffix.dropFirst(before.utf8.count).dropLast(after.utf8.count)))
      else { return nil }
      return (path, Int64(thousands) * 1000)
    }
    return nil
  }

  /// The entry's tiers, the lowest first.
  private func tiers() throws(PriceFileError) -> [(aboveTokens: Int64, rates: PartialRates)] {
    guard let value = members["tiered_pricing"], !value.isNull else { return [] }
    guard let list = value.asArray else { throw unexpected(value, key: "tiered_pricing", expected: "an array") }
    var tiers: [(aboveTokens: Int64, rates: PartialRates)] = []
    for (position, element) in list.enumerated() {
      let place = "tiered_pricing[\(position)]"
      guard let tier = element.asObject else { throw unexpected(element, key: place, expected: "an object") }
      guard let start = tier["range"]?.asArray?.first?.asInt64, start >= 0 else {
        throw unexpected(tier["range"] ?? .null, key: "\(place).range", expected: "two whole numbers of tokens")
      }
      var rates = PartialRates()
      for (key, path) in PartialRates.fields {
        if let price = tier[key] { rates[keyPath: path] = try self.price(price, key: "\(place).\(key)") }
      }
      tiers.append((start, rates))
    }
    return tiers.sorted { $0.aboveTokens < $1.aboveTokens }
  }

  /// USD per token as picodollars; `nil` for null.
  private func price(_ value: JSONValue, key: String) throws(PriceFileError) -> Int64? {
    if value.isNull { return nil }
    guard let number = value.asNumber, let picodollars = number.decimal(scale: 12),
      (0...Money.picodollarsPerDollar).contains(picodollars), !number.text.hasPrefix("-") || number.int64 == 0
    else {
      throw .badPrice(file: file, model: name, key: key, found: Self.shown(value))
    }
    return Int64(picodollars)
  }

  private func unexpected(_ value: JSONValue, key: String, expected: String) -> PriceFileError {
    .unexpectedValue(file: file, model: name, key: key, found: value.kind, expected: expected)
  }

  private static func shown(_ value: JSONValue) -> String {
    switch value {
    case .number(let number): String(number.text.prefix(40))
    case .string(let text): "the string \"\(text.prefix(40))\""
    default: value.kind
    }
  }
}
