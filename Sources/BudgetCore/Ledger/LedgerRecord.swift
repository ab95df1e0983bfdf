// Usage that does not come as a batch of lines: from the control endpoint, and lines with tags of their own.
package enum RecordOutcome: Sendable {
  case counted(AccountStatuses)
  /// Its id was seen in the last 15 minutes: nothing was counted.
  case duplicate
}

extension Ledger {
  /// Counts the usage of one call.
  /// - Parameters:
  ///   - tags: a `reservation` among them ends that hold, as on a line.
  ///   - id: usage with an id that this agent named in the last 15 minutes is not counted again.
  ///   - duration: nanoseconds that the call took.
  package mutating func record(
    _ spend: Spend, tags: TagSet, id: String? = nil, duration: Int64? = nil, now: Moment
  ) -> RecordOutcome {
    guard let route = recordCall(spend, tags: tags, id: id, duration: duration, now: now) else { return .duplicate }
    return .counted(statuses(ofCall: route, now: now))
  }

  /// The same for whom no account is of interest.
  /// - Returns: the call's route; `nil` when it was seen before.
  mutating func recordCall(_ spend: Spend, tags: TagSet, id: String?, duration: Int64?, now: Moment) -> Int? {
    expireReservations(now: now)
    if let id = id ?? (tags.marks.contains(.id) ? tags[TagName.id] : nil), !id.isEmpty,
      !duplicates.insert(id: Self.callID(id, tags), now: now.steady)
    {
      counters.duplicates += 1
      return nil
    }
    let bounded = spend.bounded
    let (cause, slot) = endHold(namedBy: tags, spend: bounded, now: now)
    let plain = tags.ofCall
    let route = callRoute(of: bounded, tags: plain, now: now)
    let totals = totals(of: bounded, route: route)
    learn(from: bounded, totals.sums, route: route, tags: plain, now: now)
    if tags.marks.contains(.allocation) {
      for amount in bounded.tokens {
        useAllocation(namedBy: tags, tokens: amount.count, kind: amount.kind.name, now: now)
      }
    }
    if let duration {
      let histogram = series.histogram(of: callSeries(of: route, tags: plain, now: now))
      series.histograms[histogram].observe(nanoseconds: duration, weight: 1)
    }
    count(bounded, totals, route: route, tags: plain, cause: cause, heldBy: slot, now: now)
    if let slot, cause == .late { settleLevels(ofHolds: slot, now: now) }
    return route
  }

  /// Ends the hold that usage names. The lines of one call (input, output) may each name it: the first one
  /// ends it, all are counted.
  /// - Returns: why use may now pass a limit, and the slot of the reservation that ended.
  private mutating func endHold(namedBy tags: TagSet, spend: Spend? = nil, now: Moment)
    -> (cause: BudgetTally.OvershootCause, slot: Int?)
  {
    guard tags.marks.contains(.reservation), let text = tags[TagName.reservation], let id = ReservationID(text: text),
      let slot = reservations.slot(of: id)
    else { return (.unreserved, nil) }
    guard reservations[slot].state != .settled else { return (.underestimated, nil) }
    counters.reservationsSettled += 1
    let call = reservations[slot].takeCall()
    if let spend { compare(reservation: slot, for: call.spend, with: spend, spend.sums) }
    return (letGo(slot, now: now), slot)
  }

  /// Counts what a call used: in its series, once in each of its accounts, and in its scopes.
  /// O(kinds + accounts + scopes).
  /// - Parameter slot: of the reservation that the call was made under.
  mutating func count(
    _ spend: Spend, _ totals: Totals, route: Int, tags: TagSet, cause: BudgetTally.OvershootCause,
    heldBy slot: Int? = nil, now: Moment
  ) {
    countInSeries(spend, route: route, rates: totals.rates, tags: tags, now: now)
    let parts = calls.parts(of: route)
    for (offset, target) in parts.pattern.targets.enumerated() {
      let amount = amount(for: target, of: spend, totals)
      guard amount > 0 || calls.targets[target].countsTokens else { continue }
      var account = Int(calls[route, parts.accounts + offset])
      if let slot { account = self.account(account, heldBy: slot) }
      charge(account, amount, now: now, cause: cause)
    }
    let tick = LookbackCounters.tick(at: now.steady)
    let (tokens, cost) = (totals.sums.tokenCount, totals.cost)
    for (offset, scope) in parts.pattern.scopes.enumerated() {
      let entry = Int(calls[route, parts.entries + offset])
      let kind = calls.scopeKinds[scope]
      if kind == CallPattern.wholeCall {
        scopes[entry].add(tokens: tokens, cost: cost, requests: spend.requests, tick: tick)
      } else {
        let amount = spend.tokens[Int(kind)]
        scopes[entry].add(tokens: amount.count, cost: amount.cost(at: totals.rates), requests: 0, tick: tick)
      }
    }
    if parts.pattern.activityCount > 0 { countInActivities(spend, route: route, cost: cost, tags: tags, now: now) }
    score(spend, tokens: totals.sums.tokens, cost: cost, route: route, tags: tags, now: now)
  }

  /// Where a call is charged: where it was held, if everybody's account stood in for one that has found a place of its
  /// own since. That one may have promised all it has to others.
  private mutating func account(_ index: Int, heldBy slot: Int) -> Int {
    var standIn = index
    for place in reservations[slot].holds.indices {
      let hold = reservations[slot].holds[place]
      let held = Int(hold.account)
      if held == index { return index }
      if isLive(hold), accounts[held].budget == accounts[index].budget, isEverybodys(held) { standIn = held }
    }
    return standIn
  }

  /// Whether an account is the one of `__other__`, which takes what finds no place.
  func isEverybodys(_ account: Int) -> Bool {
    let tags = accounts.identities[account].tags
    return !tags.isEmpty && tags.allSatisfy { $0.value == Self.overflowValue }
  }

  private mutating func countInSeries(_ spend: Spend, route: Int, rates: TokenRates, tags: TagSet, now: Moment) {
    let isEstimated = calls[route].price < 0
    let amounts = spend.tokens.span
    for kind in amounts.indices {
      let (tokens, cost) = (amounts[kind].count, amounts[kind].cost(at: rates))
      let row = tokenSeries(of: route, kind: kind, name: amounts[kind].kind.name, tags: tags, now: now)
      series[row].tokens = series[row].tokens.saturatingAdd(tokens)
      series[row].cost &+= cost
      if isEstimated { countEstimated(tokens: tokens, cost: cost) }
    }
    guard spend.requests > 0 || spend.cost > 0 || spend.items > 0 else { return }
    let row = callSeries(of: route, tags: tags, now: now)
    series[row].requests = series[row].requests.saturatingAdd(spend.requests)
    series[row].cost &+= spend.cost
    series[row].items = series[row].items.saturatingAdd(spend.items)
    if spend.requests > 0 { series[row].seen.insert(.requests) }
    if spend.cost > 0 { series[row].seen.insert(.cost) }
    if spend.items > 0 { series[row].seen.insert(.items) }
  }

  /// Every account of a call as it stands.
  mutating func statuses(ofCall route: Int, now: Moment) -> AccountStatuses {
    let parts = calls.parts(of: route)
    let count = Int(parts.pattern.targetCount)
    var room = takeStatusRoom(for: count)
    var places = room.mutableSpan
    for place in 0..<count {
      let account = Int(calls[route, parts.accounts + place])
      turnIfDue(account, now: now)
      places[place] = figures(account)
    }
    return answer(room, count: count)
  }

  /// Counts a line that carries an `id`, a `reservation` or a `fingerprint` beside its tags.
  mutating func applySpecial(_ event: UsageEvent, tags: TagSet, now: Moment) {
    var past: Instant?
    if event.timestamp != UsageEvent.noTimestamp {
      past = pastInstant(event.timestamp, now: now)
      if past == nil { return }
    }
    var plain = tags.removing(TagName.id).removing(TagName.reservation).withoutAllocation.withoutFingerprint
    if event.kind == .tokens, plain[TagName.tokenType] == nil {
      plain = plain.setting(TagName.tokenType, to: TokenKind.input.name)
    }
    if let id = tags[TagName.id], !duplicates.insert(id: Self.lineID(id, event.kind, plain), now: now.steady) {
      counters.duplicates += 1
      return
    }
    let (cause, slot) = endHold(namedBy: tags, now: now)
    if event.kind == .tokens {
      useAllocation(namedBy: tags, tokens: event.amount, kind: plain[TagName.tokenType], now: now)
    }
    let route = route(of: plain, now: now)
    let own = exchangeAccounts(of: routes[route], heldBy: slot)
    apply(event, route: route, on: Occasion(now: now, cause: cause, past: past))
    for (target, account) in own { routes.targets[target] = account }
    // The lines of one call may each carry it: the one that counts the call is meant.
    if event.kind == .requests, let fingerprint = tags[TagName.fingerprint] {
      noteFingerprint(fingerprint, calls: event.amount, of: routes[route], now: now)
    }
    if let slot, cause == .late { settleLevels(ofHolds: slot, now: now) }
  }

  /// Puts the accounts where a line is charged into its route, for as long as it is counted; answers which stood there.
  private mutating func exchangeAccounts(of route: Route, heldBy slot: Int?) -> [(target: Int, account: Int32)] {
    guard let slot else { return [] }
    var own: [(target: Int, account: Int32)] = []
    for target in route.accounts {
      let account = routes.targets[target]
      let standIn = self.account(Int(account), heldBy: slot)
      guard standIn != Int(account) else { continue }
      own.append((target, account))
      routes.targets[target] = Int32(standIn)
    }
    return own
  }

  /// Agents number their calls for themselves: the same id of another agent is another call.
  private static func callID(_ id: String, _ tags: TagSet) -> String { id + "\0\0" + (tags[TagName.agent] ?? "") }

  /// The lines of one call (input, output, requests) may carry its id each: only a line that says the same of the
  /// same is one that came twice.
  private static func lineID(_ id: String, _ kind: UsageEvent.Kind, _ tags: TagSet) -> String {
    id + "\0\(kind.rawValue)" + tags.tags.map { "\0" + $0.key + "\0" + $0.value }.joined()
  }
}

extension TagSet {
  /// The tags that say what a call is counted as.
  fileprivate var ofCall: TagSet {
    guard !marks.isEmpty else { return self }
    return removing(TagName.id).removing(TagName.reservation).withoutAllocation.removing(TagName.tokenType)
  }
}
