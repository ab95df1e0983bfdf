// Housekeeping, a little at each call: what is idle makes room, and nothing that was counted is lost.
extension Ledger {
  private static let rowsPerCall = 20_000
  private static let accountIdleTime = Interval.hours(1)
  /// So many are looked at in a call: less than a millisecond.
  static let accountsPerCall = 5_000

  /// Expires reservations, folds idle series into `__other__`, drops accounts that hold nothing. To be called
  /// about once a second; looks at a bounded number of rows.
  package mutating func maintain(now: Moment) {
    maintainTables(now: now)
    while maintainAccounts(now: now) {}
    while maintainForecasts(now: now) {}
  }

  /// The same without accounts and forecasts, for whom a lock should not be held that long.
  package mutating func maintainTables(now: Moment) {
    expireReservations(now: now)
    maintainPools(now: now)
    // Routes name rows, accounts and activities by number: they are resolved anew when one went away.
    let foldedSeries = foldIdleSeries(now: now)
    let droppedScopes = dropIdleScopes(now: now)
    let removedActivities = endIdleActivities(now: now)
    if foldedSeries || droppedScopes || removedActivities { forgetRoutes() }
  }

  /// Turns windows that are over and drops accounts that hold nothing, some at a time. To be called about once a second,
  /// and again as long as it says so.
  ///
  /// O(5,000).
  /// - Returns: whether there are accounts that this second's calls have not looked at.
  package mutating func maintainAccounts(now: Moment) -> Bool {
    let end = min(accounts.limit, accountCursor + Self.accountsPerCall)
    if dropIdleAccounts(min(accountCursor, end)..<end, now: now) { forgetRoutes() }
    accountCursor = end < accounts.limit ? end : 0
    return accountCursor > 0
  }

  private mutating func forgetRoutes() {
    routes.removeAll()
    calls.removeAll()
  }

  private mutating func foldIdleSeries(now: Moment) -> Bool {
    guard series.rows.count > 0 else { return false }
    var folded = false
    for _ in 0..<min(Self.rowsPerCall, series.rows.count) {
      expiryCursor = (expiryCursor + 1) % series.rows.count
      let index = expiryCursor
      guard series.keys.isOccupied(index) else { continue }
      let idle = now.steady - Instant(nanoseconds: series[index].lastUse)
      guard idle > settings.bounds.seriesIdleExpiry else { continue }
      let tags = TagSet(LabelText.parse(series.keys.key(index)) ?? [])
      guard !hasLiveAccount(tags, now: now) else { continue }
      let target = overflowSeries(tokenType: tags[TagName.tokenType], now: now)
      // The series of everybody else, or the only one there is.
      guard target != index else { continue }
      series.fold(index, into: target)
      counters.seriesExpired += 1
      folded = true
    }
    return folded
  }

  /// Whether an account of these tags' own (not one of everybody's) still has use or holds.
  private mutating func hasLiveAccount(_ tags: TagSet, now: Moment) -> Bool {
    for (index, budget) in settings.budgets.enumerated() where !budget.per.isEmpty {
      guard let account = account(of: index, tags: tags, now: now, creating: false) else { continue }
      turnIfDue(account, now: now)
      if accounts[account].used > 0 || accounts[account].reserved > 0 { return true }
    }
    return false
  }

  private mutating func dropIdleAccounts(_ places: Range<Int>, now: Moment) -> Bool {
    var dropped = false
    for index in places where accounts.isOccupied(index) {
      turnIfDue(index, now: now)
      let account = accounts[index]
      guard account.used == 0, account.reserved == 0, now.steady - account.lastUse > Self.accountIdleTime else {
        continue
      }
      guard !hasOwnLimit(index, now: now), !isRemembered(index, now: now) else { continue }
      let budget = settings.budgets[account.budget]
      guard !isEverybodys(index), !budget.per.isEmpty else { continue }
      let values = budget.per.map { _ in Self.overflowValue }
      if max(account.usedTotal, account.shownTotal) > 0,
        let sum = self.account(of: account.budget, values: values, now: now, creating: true)
      {
        accounts.addToTotal(max(account.usedTotal, account.shownTotal), sum)
      }
      accountTerms[index] = nil
      accounts.remove(index)
      dropped = true
    }
    return dropped
  }

  private mutating func dropIdleScopes(now: Moment) -> Bool {
    // Only when room is short: a value that was idle for a day has nothing to show.
    guard scopes.count > settings.bounds.maxScopeValues / 2 else { return false }
    let tick = LookbackCounters.tick(at: now.steady)
    var dropped = false
    for index in 0..<scopes.keys.limit where scopes.keys.isOccupied(index) {
      guard scopes[index].used(in: .day, tick: tick) == LookbackCounters.Totals() else { continue }
      guard scopes.name(index).value != Self.overflowValue else { continue }
      scopes.remove(index)
      dropped = true
    }
    return dropped
  }
}
