import BudgetCore

/// `runaway:`, what is too much for one task or session.
extension ConfigurationDecoder {
  private static let example = "- { per: task, tokens: 150_000 }"
  private static let counts: ClosedRange<Int64> = 1...1_000_000_000_000_000_000

  mutating func runaways(_ field: Field?, budgets: [Budget]) -> [RunawayRule] {
    let most = ActivitySettings.mostRunawayRules
    guard let elements = sequence(field, atMost: most, example: Self.example) else { return [] }
    return elements.compactMap { element in
      guard !element.node.isNull else {
        fail(element, "must be a rule, got nothing", "Write for example \(Self.example)")
        return nil
      }
      return runaway(element, budgets)
    }
  }

  private mutating func runaway(_ field: Field, _ budgets: [Budget]) -> RunawayRule? {
    let parts = RunawayCause.allCases.map(\.name)
    guard let section = section(field, keys: ["per"] + parts + ["limit_multiple", "action"]) else { return nil }
    let per = watchedTag(section)
    var rule = RunawayRule(per: per ?? "", limits: [:])
    for cause in RunawayCause.allCases {
      rule.limits[cause] = whole(section[cause.name], in: Self.counts, example: "50")
    }
    if let multiple = section["limit_multiple"] {
      if section["tokens"] != nil {
        fail(multiple, "tokens is given too", "Keep one of tokens and limit_multiple")
      } else if let per {
        rule.limits[.tokens] = tokens(multiple, per: per, budgets)
      }
    } else if !parts.contains(where: { section[$0] != nil }) {
      fail(field, "a rule needs a limit", "Give one of \(list(parts)) or limit_multiple")
    }
    if let action: RunawayRule.Action = choice(section["action"]) { rule.action = action }
    return per == nil ? nil : rule
  }

  private mutating func watchedTag(_ section: Section) -> String? {
    guard let field = section["per"] else {
      fail(section.field, "has no per", "Write the tag whose values are watched, for example per: task")
      return nil
    }
    guard let tag = text(field, expected: "the name of a tag", example: "task"),
      isUsable(tag, field.node.mark, field.path, .match)
    else { return nil }
    guard tag != TagName.tokenType else {
      fail(field, "\"token_type\" tells tokens apart, nobody who spends them", "Use another tag, for example task")
      return nil
    }
    return tag
  }

  /// A multiple of the token limit of the one budget that is kept for each value of the tag.
  private mutating func tokens(_ field: Field, per tag: String, _ budgets: [Budget]) -> Int64? {
    let expected = "a number from 0.01 to 1000 with at most 2 decimals"
    guard let text = text(field, expected: expected, example: "3") else { return nil }
    guard let hundredths = NumberText.decimal(text, decimals: 2), (1...100_000).contains(hundredths) else {
      return wrong(field, expected, "3")
    }
    let limits = budgets.filter { $0.unit == .tokens && $0.per == [tag] }.compactMap(\.limit)
    guard let limit = limits.min(), limit > 0 else {
      fail(
        field, "no budget limits the tokens of each \(tag)",
        "Write tokens instead, or add a budget with per: [\(tag)] and limit: { tokens: … }")
      return nil
    }
    return Int64(clamping: max(1, limit.saturatingMultiply(hundredths) / 100))
  }
}
