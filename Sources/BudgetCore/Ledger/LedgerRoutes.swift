// What a spelling of tags means: which series, accounts, scopes and price. Done once for each spelling and
// remembered as a route; the only place where tags become strings.
extension Ledger {
  /// The route of an event whose spelling is new; -1 when the line is refused, was a duplicate, or was
  /// counted here because it carries tags of its own (an id, a reservation).
  mutating func resolve(_ event: UsageEvent, now: Moment) -> Int {
    let raw = UnsafeRawBufferPointer(start: event.tags, count: Int(event.tagsLength))
    let tags: [Tag]
    do {
      tags = try TagScanner.split(raw)
    } catch {
      counters.count(RejectReason(error))
      return -1
    }
    guard tags.contains(where: \.isOfOneCall) else {
      return insertRoute(key: raw, hash: event.hash, tags: TagSet(tags), now: now, isLine: true)
    }
    applySpecial(event, tags: TagSet(tags), now: now)
    return -1
  }

  /// The route of a set of tags that did not come as a line.
  mutating func route(of allTags: TagSet, now: Moment) -> Int {
    let tags = allTags.withoutFingerprint
    let key = tags.encoded
    let hash = encodedHash(key)
    return key.withUnsafeBytes { bytes in
      let found = routes.find(bytes.baseAddress!, count: bytes.count, hash: hash)
      return found >= 0 ? found : insertRoute(key: bytes, hash: hash, tags: tags, now: now, isLine: false)
    }
  }

  /// Hashed apart from lines: a line of the same bytes is invalid, and must not be found here before anybody looks.
  private func encodedHash(_ key: [UInt8]) -> UInt64 { ByteHash.hash(key, seed: ~seed) }

  /// - Parameter isLine: tokens of a line without token type are input.
  private mutating func insertRoute(
    key: UnsafeRawBufferPointer, hash: UInt64, tags: TagSet, now: Moment, isLine: Bool
  ) -> Int {
    var route = Route()
    let kind = TokenKind(name: tags[TagName.tokenType] ?? TokenKind.input.name)
    let match = settings.prices.lookup(provider: tags[TagName.provider], model: tags[TagName.model] ?? "")
    route.rate = match.price.rates.rate(for: kind)
    route.isEstimated = match.isEstimated
    if match.isEstimated { remember(unpriced: tags[TagName.model] ?? "") }

    let isTyped = tags[TagName.tokenType] != nil || !isLine
    let tokenTags = isTyped ? tags : tags.setting(TagName.tokenType, to: kind.name)
    let tokens = matchingAccounts(of: .tokens, tags: tokenTags, now: now)
    let costs = matchingAccounts(of: .cost, tags: tokenTags, now: now)
    let callCosts = isTyped ? costs : matchingAccounts(of: .cost, tags: tags, now: now)
    let requests = matchingAccounts(of: .requests, tags: tags, now: now)
    if let step = tags[TagName.step] { route.step = Self.tagHash(step) }
    let ends = RouteTable.Ends(
      requests: requests, callCosts: callCosts, tokens: tokens, costs: costs, scopes: scopeEntries(of: tags, now: now),
      activities: activityEntries(of: tags, now: now))
    return routes.insert(key, hash: hash, route: route, to: ends)
  }

  mutating func matchingAccounts(of unit: BudgetUnit, tags: TagSet, now: Moment) -> [Int] {
    var matching: [Int] = []
    for (index, budget) in settings.budgets.enumerated() where budget.unit == unit {
      if let account = account(of: index, tags: tags, now: now, creating: true) { matching.append(account) }
    }
    return matching
  }

  mutating func remember(unpriced model: String) {
    guard unpricedModels.count < Self.maximumUnpricedModels, !unpricedModels.contains(model) else { return }
    unpricedModels.append(model)
  }

  // MARK: Series

  mutating func resolveTokenSeries(of route: Int, now: Moment) -> Int {
    let tags = tags(of: route)
    let typed = tags[TagName.tokenType] == nil ? tags.setting(TagName.tokenType, to: "input") : tags
    let row = seriesRow(of: typed, now: now)
    series[row].seen.formUnion([.tokens, .cost])
    routes[route].tokenSeries = Int32(row)
    return row
  }

  mutating func resolveCallSeries(of route: Int, now: Moment) -> Int {
    let row = seriesRow(of: tags(of: route).removing(TagName.tokenType), now: now)
    routes[route].callSeries = Int32(row)
    return row
  }

  /// The tags that a route was made of, read back from its key.
  private func tags(of route: Int) -> TagSet {
    let key = routes.keys.key(route)
    if key.first == TagSet.encodingMark { return TagSet(encoded: key) }
    return TagSet((try? TagScanner.split(key)) ?? [])
  }

  mutating func seriesRow(of tags: TagSet, now: Moment) -> Int {
    var text: [UInt8] = []
    for label in settings.labels {
      if let value = tags[label] { LabelText.append(name: label, value: value, to: &text) }
    }
    if let row = findOrInsertSeries(text, now: now, isOverflow: false) { return row }
    counters.seriesOverflow += 1
    return overflowSeries(tokenType: tags[TagName.tokenType], now: now)
  }

  /// The series that takes what has no place of its own: every label says `__other__`, but for the kind of token.
  mutating func overflowSeries(tokenType: String?, now: Moment) -> Int {
    findOrInsertSeries(overflowLabels(tokenType: tokenType), now: now, isOverflow: true)!
  }

  func overflowLabels(tokenType: String?) -> [UInt8] {
    var text: [UInt8] = []
    for label in settings.labels {
      if label != TagName.tokenType {
        LabelText.append(name: label, value: Self.overflowValue, to: &text)
      } else if let tokenType {
        let known = if case .other = TokenKind(name: tokenType) { false } else { true }
        LabelText.append(name: label, value: known ? tokenType : Self.overflowValue, to: &text)
      }
    }
    return text
  }

  private mutating func findOrInsertSeries(_ text: [UInt8], now: Moment, isOverflow: Bool) -> Int? {
    let hash = ByteHash.hash(text, seed: seed)
    let row = series.find(labels: text, hash: hash)
    if row >= 0 { return row }
    guard isOverflow || seriesCount < settings.bounds.maxSeries else { return nil }
    return series.insert(labels: text, hash: hash, lastUse: now.steady.nanoseconds, isOverflow: isOverflow)
  }

  // MARK: Scopes

  private mutating func scopeEntries(of tags: TagSet, now: Moment) -> [Int] {
    var entries: [Int] = []
    for (index, scope) in settings.scopes.enumerated() {
      guard let value = tags[scope] else { continue }
      entries.append(scopeEntry(scope: index, value: value, now: now))
    }
    return entries
  }

  mutating func scopeEntry(scope: Int, value: String, now: Moment) -> Int {
    let key = ScopeTable.key(scope: scope, value: value)
    let hash = ByteHash.hash(key, seed: seed)
    let found = scopes.find(key: key, hash: hash)
    if found >= 0 { return found }
    if scopes.count >= settings.bounds.maxScopeValues, value != Self.overflowValue {
      counters.scopeOverflow += 1
      return scopeEntry(scope: scope, value: Self.overflowValue, now: now)
    }
    return scopes.insert(
      key: key, hash: hash, counters: LookbackCounters(tick: LookbackCounters.tick(at: now.steady)))
  }

  func hasScopeEntry(scope: Int, value: String) -> Bool {
    let key = ScopeTable.key(scope: scope, value: value)
    return scopes.find(key: key, hash: ByteHash.hash(key, seed: seed)) >= 0
  }

  // MARK: Accounts

  /// The account of a budget for these tags; `nil` when the budget does not count them (or, when not creating,
  /// when there is none yet).
  mutating func account(of budgetIndex: Int, tags: TagSet, now: Moment, creating: Bool) -> Int? {
    guard let values = accountValues(of: budgetIndex, tags: tags) else { return nil }
    return account(of: budgetIndex, values: values, now: now, creating: creating)
  }

  /// Which account of a budget counts these tags: the values of its `per` tags; `nil` when none does.
  func accountValues(of budgetIndex: Int, tags: TagSet) -> [String]? {
    guard selects(budgetIndex, tags) else { return nil }
    var values: [String] = []
    for key in settings.budgets[budgetIndex].per {
      guard let value = tags[key] else { return nil }
      values.append(value)
    }
    return values
  }

  /// Whether a budget's own conditions fit, or those of a budget below it.
  private func selects(_ budgetIndex: Int, _ tags: TagSet) -> Bool {
    if settings.budgets[budgetIndex].countsOwn,
      settings.budgets[budgetIndex].match.allSatisfy({ pattern in tags[pattern.key].map(pattern.matches) ?? false })
    {
      return true
    }
    return children[budgetIndex].contains { accountValues(of: $0, tags: tags) != nil }
  }

  mutating func account(of budgetIndex: Int, values: [String], now: Moment, creating: Bool) -> Int? {
    let key = rules[budgetIndex].key(of: values)
    let hash = ByteHash.hash(key, seed: seed)
    let found = accounts.find(key: key, hash: hash)
    if found >= 0 { return found }
    guard creating else { return nil }
    let isOverflow = values.allSatisfy { $0 == Self.overflowValue }
    if !isOverflow, accounts.count >= settings.bounds.maxAccounts {
      counters.accountOverflow += 1
      return account(
        of: budgetIndex, values: values.map { _ in Self.overflowValue }, now: now, creating: true)
    }
    let budget = settings.budgets[budgetIndex]
    let index = accounts.insert(
      key: key, hash: hash, identity: AccountIdentity(rule: rules[budgetIndex], values: values),
      makeAccount: { ring in Self.newAccount(budget, index: budgetIndex, ring: ring, now: now) },
      hasRing: budget.window.hasBuckets)
    if budgetOverrides[budgetIndex] != nil { refreshLimit(index, now: now) }
    return index
  }
}
