// What an event of any kind changes: series, accounts, scopes and activities. Lines of plain tokens have a shorter way in
// LedgerApply.swift.
extension Ledger {
  /// When and why something is counted: the same for every event of a batch.
  struct Occasion {
    let now: Moment
    let tick: Int64
    let cause: BudgetTally.OvershootCause
    /// When it happened, if the sender said so: it then counts in the windows of that time.
    let past: Instant?

    init(now: Moment, cause: BudgetTally.OvershootCause, past: Instant? = nil) {
      self.now = now
      self.cause = cause
      self.past = past
      tick = LookbackCounters.tick(at: now.steady)
    }
  }

  mutating func apply(_ event: UsageEvent, route: Int, on occasion: Occasion) {
    switch event.kind {
    case .tokens:
      let row = tokenSeries(of: route, now: occasion.now)
      let tokens = Self.wholeAmount(event.amount, fraction: event.fraction, carry: &series[row].carry)
      let cost = Quantity(tokens) &* Quantity(routes[route].rate)
      count(tokens: tokens, cost: cost, row: row, route: routes[route], on: occasion)
    case .requests:
      let row = callSeries(of: route, now: occasion.now)
      let requests = Self.wholeAmount(event.amount, fraction: event.fraction, carry: &series[row].carry)
      count(requests: requests, row: row, route: routes[route], on: occasion)
    case .cost:
      let row = callSeries(of: route, now: occasion.now)
      count(cost: Quantity(event.amount), row: row, route: routes[route], on: occasion)
    case .items:
      let row = callSeries(of: route, now: occasion.now)
      let items = Self.wholeAmount(event.amount, fraction: event.fraction, carry: &series[row].itemCarry)
      series[row].items = series[row].items.saturatingAdd(items)
      series[row].seen.insert(.items)
      addItems(of: routes[route], event.amount, fraction: event.fraction, on: occasion)
    case .duration:
      let histogram = series.histogram(of: callSeries(of: route, now: occasion.now))
      series.histograms[histogram].observe(nanoseconds: event.amount, weight: event.weight)
    }
  }

  @inline(__always)
  mutating func count(tokens: Int64, cost: Quantity, row: Int) {
    series[row].tokens = series[row].tokens.saturatingAdd(tokens)
    series[row].cost &+= cost
  }

  mutating func count(tokens: Int64, cost: Quantity, row: Int, route: Route, on occasion: Occasion) {
    count(tokens: tokens, cost: cost, row: row)
    if route.isEstimated { countEstimated(tokens: tokens, cost: cost) }
    charge(route.tokens, Quantity(tokens), on: occasion)
    charge(route.costs, cost, on: occasion)
    addToScopes(of: route, tokens: tokens, cost: cost, requests: 0, on: occasion)
    addToActivities(of: route, tokens: tokens, cost: cost, requests: 0, on: occasion)
  }

  mutating func count(requests: Int64, row: Int, route: Route, on occasion: Occasion) {
    series[row].requests = series[row].requests.saturatingAdd(requests)
    series[row].seen.insert(.requests)
    charge(route.requests, Quantity(requests), on: occasion)
    addToScopes(of: route, tokens: 0, cost: 0, requests: requests, on: occasion)
    addToActivities(of: route, tokens: 0, cost: 0, requests: requests, on: occasion)
  }

  /// Cost that no tokens caused.
  mutating func count(cost: Quantity, row: Int, route: Route, on occasion: Occasion) {
    series[row].cost &+= cost
    series[row].seen.insert(.cost)
    charge(route.callCosts, cost, on: occasion)
    addToScopes(of: route, tokens: 0, cost: cost, requests: 0, on: occasion)
    addToActivities(of: route, tokens: 0, cost: cost, requests: 0, on: occasion)
  }

  private mutating func charge(_ range: Range<Int>, _ amount: Quantity, on occasion: Occasion) {
    for target in range {
      let account = Int(routes.targets[target])
      if let past = occasion.past {
        place(account, amount, at: past, now: occasion.now)
      } else {
        charge(account, amount, now: occasion.now, cause: occasion.cause)
      }
    }
  }

  private mutating func addToScopes(
    of route: Route, tokens: Int64, cost: Quantity, requests: Int64, on occasion: Occasion
  ) {
    for target in route.scopes {
      let scope = Int(routes.targets[target])
      if let past = occasion.past {
        scopes[scope].add(
          tokens: tokens, cost: cost, requests: requests,
          at: LookbackCounters.tick(at: steady(at: past, now: occasion.now)), tick: occasion.tick)
      } else {
        scopes[scope].add(tokens: tokens, cost: cost, requests: requests, tick: occasion.tick)
      }
    }
  }

  /// The amount as whole units: fractions (in 2^-32) are carried to the next line of the same series, so that totals
  /// are off by less than one.
  @inline(__always)
  static func wholeAmount(_ amount: Int64, fraction: UInt32, carry: inout UInt32) -> Int64 {
    guard fraction != 0 else { return amount }
    // Fractions arrive rounded down. The next 2^-32 up, three thirds make a whole.
    let sum = UInt64(carry) &+ UInt64(fraction) &+ 1
    carry = UInt32(truncatingIfNeeded: sum)
    return sum >> 32 != 0 ? amount.saturatingAdd(1) : amount
  }

  /// The row of the route's tokens, touched.
  @inline(__always)
  mutating func tokenSeries(of route: Int, now: Moment) -> Int {
    var row = Int(routes[route].tokenSeries)
    if row < 0 { row = resolveTokenSeries(of: route, now: now) }
    series[row].lastUse = now.steady.nanoseconds
    return row
  }

  /// The row of the route's calls: its labels without the token type.
  @inline(__always)
  mutating func callSeries(of route: Int, now: Moment) -> Int {
    var row = Int(routes[route].callSeries)
    if row < 0 { row = resolveCallSeries(of: route, now: now) }
    series[row].lastUse = now.steady.nanoseconds
    return row
  }

  mutating func countEstimated(tokens: Int64, cost: Quantity) {
    if cost == 0 {
      counters.unpricedTokens = counters.unpricedTokens.saturatingAdd(tokens)
    } else {
      counters.estimatedCost += cost
    }
  }
}
