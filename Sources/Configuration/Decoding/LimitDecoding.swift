import BudgetCore

/// Daily token limits to plan with; a preset fills what a budget does not say.
enum BudgetPreset: String, CaseIterable {
  case support, research, code, data, `internal`

  var tokens: Quantity {
    switch self {
    case .support: 500_000
    case .research: 2_000_000
    case .code: 3_000_000
    case .data: 1_000_000
    case .internal: 200_000
    }
  }
}

/// `limit:` of a budget.
extension ConfigurationDecoder {
  private static let largestCount: Int64 = 1_000_000_000_000_000_000
  /// A trillion dollars.
  private static let largestCost = Money.picodollarsPerDollar * 1_000_000_000_000

  /// The limit for each unit; `nil` is unlimited.
  mutating func limits(
    _ field: Field?, in budget: Field, preset: BudgetPreset?, required: Bool
  ) -> [(BudgetUnit, Quantity?)] {
    let example = "limit: { tokens: 500_000 }, or { tokens: unlimited } to count only"
    guard let field else {
      if let preset { return [(.tokens, preset.tokens)] }
      if required { fail(budget, "a budget needs a limit", "Write for example \(example)") }
      return []
    }
    guard case .mapping(let entries) = field.node.content, !entries.isEmpty else {
      fail(field, "must name what is limited, got \(found(field.node))", "Write for example \(example)")
      return []
    }
    guard let section = section(field, keys: BudgetUnit.allCases.map(\.name)) else { return [] }
    return entries.compactMap { entry in
      guard let unit = BudgetUnit(name: entry.key), let value = section[entry.key] else { return nil }
      if case .scalar("unlimited", _) = value.node.content { return (unit, nil) }
      return amount(value, of: unit).map { (unit, $0) }
    }
  }

  mutating func amount(_ field: Field, of unit: BudgetUnit) -> Quantity? {
    guard unit == .cost else {
      return whole(field, in: 0...Self.largestCount, example: unit == .tokens ? "500_000" : "1_000")
        .map { Quantity($0) }
    }
    let expected = "USD >= 0 with at most 12 decimals"
    guard let text = text(field, expected: expected, example: "25.00") else { return nil }
    if let value = NumberText.decimal(text, decimals: 12), value <= Self.largestCost { return value }
    return wrong(field, expected, "25.00")
  }
}
