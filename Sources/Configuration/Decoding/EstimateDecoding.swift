import BudgetCore

/// `estimates:`
extension ConfigurationDecoder {
  mutating func estimates(_ field: Field?) -> EstimateSettings {
    var result = EstimateSettings()
    guard let section = section(field, keys: ["quantile", "default_output", "max_pairs"]) else { return result }
    if let value = ratio(section["quantile"]) { result.quantile = value }
    if let value = whole(section["default_output"], in: 0...1_000_000_000, example: "1000") {
      result.defaultOutput = value
    }
    if let value = whole(section["max_pairs"], in: 1...1_000_000, example: "2048") { result.maxPairs = Int(value) }
    return result
  }
}
