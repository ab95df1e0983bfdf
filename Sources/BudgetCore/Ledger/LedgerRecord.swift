// Usage that does not come as a batch of lines: from the control endpoint, and lines with tags of their own.
package enum RecordOutcome: Sendable {
  case counted([AccountStatus])
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
    expireReservations(now: now)
    if let id = id ?? tags[TagName.id], !id.isEmpty, !duplicates.insert(id: Self.callID(id, tags), now: now.steady) {
      counters.duplicates += 1
      return .duplicate
    }
    let (cause, holds) = endHold(namedBy: tags, spend: spend.bounded, now: now)
    learn(from: spend.bounded, tags: tags, now: now)
    let plain = tags.removing(TagName.id).removing(TagName.reservation).withoutAllocation
    for amount in spend.bounded.tokens {
      useAllocation(namedBy: tags, tokens: amount.count, kind: amount.kind.name, now: now)
    }
    if let duration {
      let histogram = series.histogram(of: callSeries(of: route(of: plain, now: now), now: now))
      series.histograms[histogram].observe(nanoseconds: duration, weight: 1)
    }
    let accounts = count(spend.bounded, tags: plain, cause: cause, now: now)
    settleLevels(of: holds, now: now)
    return .counted(accounts)
  }

  /// Ends the hold that usage names. The lines of one call (input, output) may each name it: the first one
  /// ends it, all are counted.
  private mutating func endHold(namedBy tags: TagSet, spend: Spend? = nil, now: Moment)
    -> (cause: BudgetTally.OvershootCause, holds: [Reservation.Hold])
  {
    guard let text = tags[TagName.reservation], let id = ReservationID(text: text), let found = reservations[id] else {
      return (.unreserved, [])
    }
    guard found.state != .settled else { return (.underestimated, []) }
    counters.reservationsSettled += 1
    if let spend { compare(found, with: spend) }
    return (letGo(found, now: now), found.holds)
  }

  /// Counts a spend and returns every matching account as it then stands.
  mutating func count(_ spend: Spend, tags: TagSet, cause: BudgetTally.OvershootCause, now: Moment) -> [AccountStatus] {
    let occasion = Occasion(now: now, cause: cause)
    let base = tags.removing(TagName.tokenType)
    let match = price(of: base)
    let rates = match.price.rates(promptTokens: spend.promptTokens)
    var callCost = spend.cost
    var touched: [Int] = []
    func note(_ route: Route) {
      let first = Int(route.firstAccount)
      let end =
        first + Int(route.tokenAccounts) + Int(route.costAccounts) + Int(route.callCostAccounts)
        + Int(route.requestAccounts)
      for target in first..<end where !touched.contains(Int(routes.targets[target])) {
        touched.append(Int(routes.targets[target]))
      }
    }
    for amount in spend.tokens {
      let index = route(of: base.setting(TagName.tokenType, to: amount.kind.name), now: now)
      let row = tokenSeries(of: index, now: now)
      let cost = Spend.cost(of: amount.count, rate: rates.rate(for: amount.kind))
      count(tokens: amount.count, cost: cost, row: row, route: routes[index], on: occasion)
      callCost = callCost.saturatingAdd(cost)
      note(routes[index])
    }
    let call = route(of: base, now: now)
    note(routes[call])
    if spend.requests > 0 {
      let row = callSeries(of: call, now: now)
      count(requests: spend.requests, row: row, route: routes[call], on: occasion)
    }
    if spend.cost > 0 {
      let row = callSeries(of: call, now: now)
      count(cost: spend.cost, row: row, route: routes[call], on: occasion)
    }
    if spend.items > 0 {
      let row = callSeries(of: call, now: now)
      series[row].items = series[row].items.saturatingAdd(spend.items)
      series[row].seen.insert(.items)
      addItems(of: routes[call], spend.items, on: occasion)
    }
    if let fingerprint = tags[TagName.fingerprint] {
      noteFingerprint(fingerprint, calls: max(1, spend.requests), of: routes[call], now: now)
    }
    score(spend, cost: callCost, tags: base, now: now)
    for account in touched { turnIfDue(account, now: now) }
    return touched.map { status($0) }
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
    let (cause, holds) = endHold(namedBy: tags, now: now)
    if event.kind == .tokens {
      useAllocation(namedBy: tags, tokens: event.amount, kind: plain[TagName.tokenType], now: now)
    }
    let route = route(of: plain, now: now)
    apply(event, route: route, on: Occasion(now: now, cause: cause, past: past))
    // The lines of one call may each carry it: the one that counts the call is meant.
    if event.kind == .requests, let fingerprint = tags[TagName.fingerprint] {
      noteFingerprint(fingerprint, calls: event.amount, of: routes[route], now: now)
    }
    settleLevels(of: holds, now: now)
  }

  /// Agents number their calls for themselves: the same id of another agent is another call.
  private static func callID(_ id: String, _ tags: TagSet) -> String { id + "\0\0" + (tags[TagName.agent] ?? "") }

  /// The lines of one call (input, output, requests) may carry its id each: only a line that says the same of the
  /// same is one that came twice.
  private static func lineID(_ id: String, _ kind: UsageEvent.Kind, _ tags: TagSet) -> String {
    id + "\0\(kind.rawValue)" + tags.tags.map { "\0" + $0.key + "\0" + $0.value }.joined()
  }
}
