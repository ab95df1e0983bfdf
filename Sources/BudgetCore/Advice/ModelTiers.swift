/// The models that are good enough for tasks of each difficulty, the preferred one first.
package struct ModelTiers: Hashable, Sendable {
  private var tiers: [[String]]

  package init(easy: [String] = [], medium: [String] = [], hard: [String] = []) { tiers = [easy, medium, hard] }

  package subscript(difficulty: Difficulty) -> [String] {
    get { tiers[difficulty.rawValue] }
    set { tiers[difficulty.rawValue] = newValue }
  }

  /// The model to use instead of the asked one for this difficulty; `nil` when the asked one is right.
  ///
  /// An asked model of this tier or a cheaper one is right: nobody is ever sent to a dearer tier. A tier without
  /// models is taken as the next cheaper one. O(models).
  package func better(than asked: String?, for difficulty: Difficulty) -> String? {
    let affordable = Difficulty.allCases.filter { $0 <= difficulty }
    guard let wanted = affordable.last(where: { !self[$0].isEmpty }) else { return nil }
    if let asked {
      let names = Self.spellings(of: asked)
      let isRight = affordable.contains { tier in
        self[tier].contains { !names.isDisjoint(with: Self.spellings(of: $0)) }
      }
      if isRight { return nil }
    }
    return self[wanted].first
  }

  /// A name with and without the gateway before it and the date behind it.
  private static func spellings(of model: String) -> Set<String> {
    var names: Set = [model]
    for stripped in ModelName.withoutPrefixes(model) { names.insert(stripped.name) }
    for name in names {
      if let (base, _) = ModelNameSuffix.split(name) { names.insert(base) }
    }
    return names
  }
}
