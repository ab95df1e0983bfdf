import BudgetCore

/// `advice:`, what agents are told when a budget runs low.
extension ConfigurationDecoder {
  private static let mostRungs = 20
  private static let mostModels = 50
  private static let longestModel = 256
  private static let compressRange: ClosedRange<Int64> = 1...1_000_000_000

  mutating func advice(_ field: Field?) -> AdviceSettings {
    var result = AdviceSettings()
    guard let section = section(field, keys: ["ladder", "models", "models_below"]) else { return result }
    if let ladder = ladder(section["ladder"]) { result.ladder = ladder }
    result.models = models(section["models"])
    if let value = ratio(section["models_below"]) { result.modelsBelow = value }
    return result
  }

  /// An empty list is no ladder at all.
  private mutating func ladder(_ field: Field?) -> [AdviceSettings.Rung]? {
    let example = "- { above: 0.7, compress_to: 4000 }"
    guard let elements = sequence(field, atMost: Self.mostRungs, example: "[{ above: 0.7, compress_to: 4000 }]") else {
      return nil
    }
    var rungs: [AdviceSettings.Rung] = []
    for element in elements {
      guard !element.node.isNull else {
        fail(element, "must be a rung, got nothing", "Write for example \(example)")
        continue
      }
      guard let section = section(element, keys: ["above", "compress_to"]) else { continue }
      for key in ["above", "compress_to"] where section[key] == nil {
        fail(element, "has no \(key)", "Write for example \(example)")
      }
      guard let above = ratio(section["above"]),
        let tokens = whole(section["compress_to"], in: Self.compressRange, example: "4000")
      else { continue }
      guard !rungs.contains(where: { $0.above == above }) else {
        fail(section["above"] ?? element, "is the share of another rung too", "Remove one of them")
        continue
      }
      rungs.append(AdviceSettings.Rung(above: above, compressTo: tokens))
    }
    return rungs
  }

  private mutating func models(_ field: Field?) -> ModelTiers {
    var result = ModelTiers()
    guard let section = section(field, keys: Difficulty.allCases.map(\.name)) else { return result }
    for difficulty in Difficulty.allCases {
      guard let elements = sequence(section[difficulty.name], atMost: Self.mostModels, example: "[gpt-4o-mini]") else {
        continue
      }
      let expected = "the name of a model, of 1 to \(Self.longestModel) bytes"
      for element in elements {
        guard let name = text(element, expected: expected, example: "gpt-4o-mini") else { continue }
        guard (1...Self.longestModel).contains(name.utf8.count) else {
          let _: String? = wrong(element, expected, "gpt-4o-mini")
          continue
        }
        result[difficulty].append(name)
      }
    }
    return result
  }
}
