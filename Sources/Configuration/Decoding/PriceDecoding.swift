import BudgetCore

/// Where prices come from, and what an unknown model costs.
extension ConfigurationDecoder {
  mutating func prices(_ field: Field?) -> PriceSettings {
    var result = PriceSettings()
    guard let section = section(field, keys: ["file", "fallback"]) else { return result }
    result.file = path(section["file"], example: "prices.json")
    if let value = fallback(section["fallback"]) { result.fallback = value }
    return result
  }

  private mutating func fallback(_ field: Field?) -> PriceSettings.Fallback? {
    guard let field else { return nil }
    let example = "{ input_usd_per_million: \"5\", output_usd_per_million: \"15\" } or none"
    if case .scalar(let text, _) = field.node.content {
      return text == "none" ? PriceSettings.Fallback.none : wrong(field, "two prices, or none", example)
    }
    let keys = ["input_usd_per_million", "output_usd_per_million"]
    guard let section = section(field, keys: keys) else { return nil }
    for key in keys where section[key] == nil {
      fail(field, "has no \(key)", "Write for example \(example)")
    }
    guard let input = rate(section[keys[0]]), let output = rate(section[keys[1]]) else { return nil }
    return .rates(TokenRates(input: input, output: output))
  }

  /// Dollars for a million tokens are millionths of a dollar for one: six decimals are whole picodollars.
  private mutating func rate(_ field: Field?) -> Int64? {
    let expected = "USD from 0 to 1000000 with at most 6 decimals"
    guard let field, let text = text(field, expected: expected, example: "\"2.50\"") else { return nil }
    if let value = NumberText.decimal(text, decimals: 6), value <= 1_000_000_000_000 { return Int64(value) }
    return wrong(field, expected, "\"2.50\"")
  }
}
