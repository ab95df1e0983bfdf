// The hot path: a batch of parsed lines becomes numbers. One look-up a line by the raw bytes of its tags,
// then additions. No String, no allocation and no loop over budgets here; what a spelling has not been seen
// to mean goes to `resolve` in LedgerRoutes.swift.
extension Ledger {
  /// Counts a batch of events; O(events), each O(matching accounts).
  package mutating func apply(_ events: UnsafeBufferPointer<UsageEvent>, now: Moment) {
    _ = apply(events, now: now) { true }
  }

  /// Counts one event.
  package mutating func apply(_ event: UsageEvent, now: Moment) {
    withUnsafePointer(to: event) { apply(UnsafeBufferPointer(start: $0, count: 1), now: now) }
  }

  /// Counts events of a batch as long as it may.
  /// - Parameter goesOn: asked after each 32 of them: some microseconds of known tags, a third of a millisecond of tags
  ///   that nobody has seen.
  /// - Returns: how many were counted: all, or as many as went on.
  package mutating func apply(
    _ events: UnsafeBufferPointer<UsageEvent>, now: Moment, whileTrue goesOn: () -> Bool
  ) -> Int {
    expireReservations(now: now)
    guard let start = events.baseAddress else { return 0 }
    let occasion = Occasion(now: now, cause: .unreserved)
    var first = 0
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.fetchedTogether) { guesses in
      guard let guesses = guesses.baseAddress else { return }
      while first < events.count {
        let count = min(Self.fetchedTogether, events.count &- first)
        fetchAhead(start + first, count: count, guesses: guesses)
        apply(start + first, count: count, guesses: guesses, on: occasion)
        first &+= count
        if first % (2 * Self.fetchedTogether) == 0, !goesOn() { break }
      }
    }
    return first
  }

  /// Counts events that were fetched together: runs of plain ones at a time, since nearly all are.
  @inline(__always)
  private mutating func apply(
    _ events: UnsafePointer<UsageEvent>, count: Int, guesses: UnsafeMutablePointer<Int32>, on occasion: Occasion
  ) {
    var (first, place) = (0, 0)
    log.reserve(events: count)
    while place < count {
      if !note(events + place, route: Int(guesses[place])) {
        countNow(events + first, routes: guesses + first, count: place &- first, on: occasion)
        apply(events[place], on: occasion)
        log.reserve(events: count &- place)
        first = place &+ 1
      }
      place &+= 1
    }
    countNow(events + first, routes: guesses + first, count: count &- first, on: occasion)
  }

  /// Notes a plain event in the log.
  /// - Returns: false, and nothing was done, when the event is another one, or its route or what is noted of it.
  @inline(__always)
  private mutating func note(_ event: UnsafePointer<UsageEvent>, route: Int) -> Bool {
    guard event.pointee.isPlainTokens,
      routes.isRoute(route, of: event.pointee.tags, count: Int(event.pointee.tagsLength))
    else { return false }
    return !log.isOn || log.append(tokens: event.pointee.amount, mark: routes.mark(route))
  }

  /// Any event.
  @inline(never)
  private mutating func apply(_ event: UsageEvent, on occasion: Occasion) {
    var route = routes.find(event.tags, count: Int(event.tagsLength), hash: event.hash)
    if route < 0 {
      route = resolve(event, now: occasion.now)
      guard route >= 0 else { return log.append(single: event) }
    }
    log.append(event, mark: &routes[route].mark)
    if event.timestamp == UsageEvent.noTimestamp {
      apply(event, route: route, on: occasion)
    } else if let past = pastInstant(event.timestamp, now: occasion.now) {
      apply(event, route: route, on: Occasion(now: occasion.now, cause: .unreserved, past: past))
    }
  }

  /// Whole tokens, used now. The same as `apply` does with such an event, without a step that asks what it is.
  @inline(never)
  private mutating func countNow(
    _ events: UnsafePointer<UsageEvent>, routes numbers: UnsafePointer<Int32>, count: Int, on occasion: Occasion
  ) {
    let (now, tick) = (occasion.now, occasion.tick)
    var (event, number) = (events, numbers)
    while event < events + count {
      let index = Int(number.pointee)
      // No route is added here, so none moves.
      let route = routes.routes.pointer(index)
      var row = Int(route.pointee.tokenSeries)
      if row < 0 { row = resolveTokenSeries(of: index, now: now) }
      let tokens = event.pointee.amount
      // Neither an event's amount nor a rate is negative: there is no sign to extend.
      let amount = Quantity(UInt64(bitPattern: tokens))
      let cost = amount &* Quantity(UInt64(bitPattern: route.pointee.rate))
      series[row].lastUse = now.steady.nanoseconds
      self.count(tokens: tokens, cost: cost, row: row)
      var target = routes.target(Int(route.pointee.firstTarget))
      let firstCost = target + Int(route.pointee.tokenAccounts)
      let firstScope = firstCost + Int(route.pointee.costAccounts)
      let end = firstScope + Int(route.pointee.scopeCount)
      while target < firstCost {
        charge(Int(target.pointee), amount, now: now, cause: .unreserved)
        target += 1
      }
      while target < firstScope {
        charge(Int(target.pointee), cost, now: now, cause: .unreserved)
        target += 1
      }
      while target < end {
        scopes[Int(target.pointee)].add(tokens: tokens, cost: cost, requests: 0, tick: tick)
        target += 1
      }
      if route.pointee.isUnusual { countUnusual(route.pointee, tokens: tokens, cost: cost, on: occasion) }
      event += 1
      number += 1
    }
  }

  @inline(never)
  private mutating func countUnusual(_ route: Route, tokens: Int64, cost: Quantity, on occasion: Occasion) {
    if route.isEstimated { countEstimated(tokens: tokens, cost: cost) }
    addToActivities(of: route, tokens: tokens, cost: cost, requests: 0, on: occasion)
  }
}
