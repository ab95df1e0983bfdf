/// Finds the position of a model's price by the names it goes by; every question is a few dictionary lookups.
struct PriceIndex: Sendable {
  /// `provider == nil`: whoever came first.
  private struct Key: Hashable {
    var provider: String?
    var name: String
  }

  private var positions: [Key: Int] = [:]
  /// By the name without its date: the newest dated form.
  private var newest: [Key: (date: Int, position: Int)] = [:]

  /// Adds a name; one that is taken keeps its first position.
  mutating func add(provider: String, model: String, position: Int) {
    let dated: (base: String, date: Int)? =
      switch ModelNameSuffix.split(model) {
      case (let base, .date(let date))?: (base, date)
      case (let base, .latest)?: (base, .max)
      default: nil
      }
    for provider in [provider, nil] {
      let key = Key(provider: provider, name: model)
      if positions[key] == nil { positions[key] = position }
      guard let dated else { continue }
      let base = Key(provider: provider, name: dated.base)
      if dated.date > newest[base]?.date ?? 0 { newest[base] = (dated.date, position) }
    }
  }

  func exact(provider: String, model: String) -> Int? { positions[Key(provider: provider, name: model)] }

  /// The price of a model in order of certainty: as asked, without prefixes, without or with a date.
  func find(provider: String?, model: String) -> (position: Int, means: PriceMatch.Means)? {
    if let provider, let position = exact(provider: provider, model: model) { return (position, .exact) }
    let stripped = ModelName.withoutPrefixes(model)
    // `openai/x` names its provider, so that comes before an `openai/x` which some gateway sells.
    if let first = stripped.first, let position = exact(provider: first.prefix, model: first.name) {
      return (position, .providerPrefix)
    }
    if let position = positions[Key(name: model)] { return (position, .model) }
    for form in stripped {
      if let position = known(form.name, providers: [provider, form.prefix]) { return (position, .providerPrefix) }
    }
    if let position = dated(model, providers: [provider]) { return (position, .datedAlias) }
    for form in stripped {
      if let position = dated(form.name, providers: [provider, form.prefix]) { return (position, .datedAlias) }
    }
    return nil
  }

  /// A name under the first of these providers that has it, or under any.
  private func known(_ name: String, providers: [String?]) -> Int? {
    for case let provider? in providers {
      if let position = exact(provider: provider, model: name) { return position }
    }
    return positions[Key(name: name)]
  }

  private func newest(_ name: String, providers: [String?]) -> Int? {
    for case let provider? in providers {
      if let found = newest[Key(provider: provider, name: name)] { return found.position }
    }
    return newest[Key(name: name)]?.position
  }

  private func dated(_ name: String, providers: [String?]) -> Int? {
    if let position = newest(name, providers: providers) { return position }
    var rest = name
    // A name carries a date and a version at most.
    for _ in 0..<3 {
      guard let (base, suffix) = ModelNameSuffix.split(rest) else { return nil }
      if case .date(let date) = suffix {
        // `x@20251001` is `x-20251001`; a day that is not listed is not taken for another listed day.
        if let position = known("\(base)-\(date)", providers: providers) { return position }
        if let position = known(base, providers: providers) { return position }
      } else if let position = known(base, providers: providers) ?? newest(base, providers: providers) {
        return position
      }
      rest = base
    }
    return nil
  }
}
