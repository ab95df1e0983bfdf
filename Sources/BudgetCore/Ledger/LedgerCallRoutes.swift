// What a call means: which accounts, series, counters and price its tags and kinds of tokens lead to. The counterpart,
// for whole calls, of the routes of single lines in LedgerRoutes.swift.
extension Ledger {
  /// The route of a call, made when there is none yet, with the accounts it leads to.
  /// - Parameter tags: without a token type.
  mutating func callRoute(of spend: Spend, tags allTags: TagSet, now: Moment) -> Int {
    let found = existingCallRoute(of: spend, tags: allTags)
    return found >= 0 ? found : insertCallRoute(of: spend, tags: allTags.withoutFingerprint, now: now)
  }

  /// The same, or -1 when there is none yet.
  mutating func existingCallRoute(of spend: Spend, tags: TagSet) -> Int {
    if tags.marks.contains(.fingerprint) { return existingCallRoute(of: spend, tags: tags.withoutFingerprint) }
    return Self.withCallKey(of: spend, tags: tags) { key in
      calls.find(key, hash: ByteHash.hash(key.baseAddress!, count: key.count, seed: seed))
    }
  }

  /// Whether a route of this call, whose accounts exist, adds nothing that anybody sees: no value of a scope and no
  /// model without a price.
  func isCallKnown(of spend: Spend, tags allTags: TagSet) -> Bool {
    let tags = allTags.withoutFingerprint
    let model = tags[TagName.model] ?? ""
    guard
      settings.prices.position(provider: tags[TagName.provider], model: model) != nil || unpricedModels.contains(model)
    else { return false }
    return settings.scopes.enumerated().allSatisfy { index, scope in
      scope == TagName.tokenType
        ? spend.tokens.allSatisfy { hasScopeEntry(scope: index, value: $0.kind.name) }
        : tags[scope].map { hasScopeEntry(scope: index, value: $0) } ?? true
    }
  }

  /// The tags' bytes, then each kind of tokens in the order of the spend.
  @inline(__always)
  private static func withCallKey<Result>(
    of spend: Spend, tags: TagSet, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let tokens = spend.tokens.span
    var length = tags.encoded.count
    for index in tokens.indices { length += tokens[index].kind.keyLength }
    return tags.encoded.withUnsafeBytes { encoded in
      withUnsafeTemporaryAllocation(byteCount: length, alignment: 8) { key in
        key.copyMemory(from: encoded)
        var end = encoded.count
        for index in tokens.indices { tokens[index].kind.writeKey(to: key, at: &end) }
        return body(UnsafeRawBufferPointer(key))
      }
    }
  }

  @inline(never)
  private mutating func insertCallRoute(of spend: Spend, tags: TagSet, now: Moment) -> Int {
    let model = tags[TagName.model] ?? ""
    var draft = CallRouteDraft(
      kindCount: spend.tokens.count, activityCount: activities.tags.count { tags[$0] != nil },
      namesStep: tags[TagName.step] != nil)
    if let position = settings.prices.position(provider: tags[TagName.provider], model: model) {
      draft.route.price = Int32(position)
    } else {
      remember(unpriced: model)
    }
    add(.tokens, of: tags, nil, to: &draft, now: now)
    add(.cost, of: tags, CallPattern.Term(amount: .cost), to: &draft, now: now)
    add(.requests, of: tags, CallPattern.Term(amount: .requests), to: &draft, now: now)
    addScopes(of: tags, to: &draft, now: now)
    for (index, amount) in spend.tokens.enumerated() {
      let typed = typedTags(tags, amount.kind)
      add(.tokens, of: typed, CallPattern.Term(amount: .tokens, kind: Int32(index)), to: &draft, now: now)
      add(.cost, of: typed, CallPattern.Term(amount: .tokenCost, kind: Int32(index)), to: &draft, now: now)
      addScopes(of: tags, kind: (Int32(index), amount.kind), to: &draft, now: now)
    }
    return Self.withCallKey(of: spend, tags: tags) { key in
      calls.insert(key, hash: ByteHash.hash(key.baseAddress!, count: key.count, seed: seed), draft)
    }
  }

  /// The tags that decide which accounts count one kind of a call's tokens.
  func typedTags(_ tags: TagSet, _ kind: TokenKind) -> TagSet {
    tellsKindsApart ? tags.setting(TagName.tokenType, to: kind.name) : tags
  }

  private mutating func add(
    _ unit: BudgetUnit, of tags: TagSet, _ term: CallPattern.Term?, to draft: inout CallRouteDraft, now: Moment
  ) {
    for account in matchingAccounts(of: unit, tags: tags, now: now) {
      draft.add(account: account, term)
    }
  }

  /// The scopes of the whole call, or those that tell one kind of tokens from the others.
  private mutating func addScopes(
    of tags: TagSet, kind: (number: Int32, kind: TokenKind)? = nil, to draft: inout CallRouteDraft, now: Moment
  ) {
    for (index, scope) in settings.scopes.enumerated() where (scope == TagName.tokenType) == (kind != nil) {
      guard let value = kind?.kind.name ?? tags[scope], !value.isEmpty else { continue }
      draft.add(
        scope: scopeEntry(scope: index, value: value, now: now), kind: kind?.number ?? CallPattern.wholeCall)
    }
  }

  // MARK: Series

  /// Asks the memory for the rows that a call is about to be counted in.
  @inline(__always)
  mutating func fetchSeries(of route: Int, kinds: Int) {
    for place in CallRouteTable.Parts.series...(CallRouteTable.Parts.series + kinds) {
      series.fetch(Int(calls[route, place]))
    }
  }

  /// The row of the route's calls, touched.
  mutating func callSeries(of route: Int, tags: TagSet, now: Moment) -> Int {
    let place = CallRouteTable.Parts.series
    let known = Int(calls[route, place])
    let row = known >= 0 ? known : findCallSeries(of: route, tags: tags, now: now)
    series[row].lastUse = now.steady.nanoseconds
    return row
  }

  @inline(never)
  private mutating func findCallSeries(of route: Int, tags: TagSet, now: Moment) -> Int {
    let row = seriesRow(of: tags, now: now)
    calls[route, CallRouteTable.Parts.series] = Int32(row)
    return row
  }

  /// The row of one of the route's kinds of tokens, touched.
  @inline(__always)
  mutating func tokenSeries(of route: Int, kind: Int, name: @autoclosure () -> String, tags: TagSet, now: Moment) -> Int
  {
    let known = Int(calls[route, CallRouteTable.Parts.series + 1 + kind])
    let row = known >= 0 ? known : findTokenSeries(of: route, kind: kind, name: name(), tags: tags, now: now)
    series[row].lastUse = now.steady.nanoseconds
    return row
  }

  @inline(never)
  private mutating func findTokenSeries(of route: Int, kind: Int, name: String, tags: TagSet, now: Moment) -> Int {
    let row = seriesRow(of: tags.setting(TagName.tokenType, to: name), now: now)
    series[row].seen.formUnion([.tokens, .cost])
    calls[route, CallRouteTable.Parts.series + 1 + kind] = Int32(row)
    return row
  }
}

extension TokenKind {
  /// A byte that no text has, so that no list of kinds can pass for another.
  private static let keyMark: UInt8 = 0xFD

  fileprivate var keyLength: Int {
    if case .other(let name) = self { 2 + name.utf8.count } else { 2 }
  }

  fileprivate func writeKey(to key: UnsafeMutableRawBufferPointer, at end: inout Int) {
    key[end] = Self.keyMark
    key[end + 1] = code
    end += 2
    if case .other(let name) = self {
      for byte in name.utf8 {
        key[end] = byte
        end += 1
      }
    }
  }
}
