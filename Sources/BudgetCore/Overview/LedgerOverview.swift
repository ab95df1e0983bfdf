// The steps of an overview. Each is bounded; between two of them accounts may be born, end, or give their place to others,
// so places are looked at again before anything is shown of them.
extension Ledger {
  /// Takes the next step of an overview.
  /// - Returns: whether there is one more. O(`bounds.places`), or O(`bounds.forecasts` forecasts).
  package mutating func advance(_ walk: inout OverviewWalk, now: Moment) -> Bool {
    switch walk.stage {
    case .accounts(let start): rankAccounts(&walk, from: start, now: now)
    case .scopes(let start): rankScopes(&walk, from: start, now: now)
    case .statuses(let start): readStatuses(&walk, from: start, now: now)
    case .rest: readRest(&walk, now: now)
    case .done: return false
    }
    return true
  }

  private mutating func rankAccounts(_ walk: inout OverviewWalk, from start: Int, now: Moment) {
    if start == 0 { expireReservations(now: now) }
    let end = min(accounts.limit, start.saturatingAdd(max(1, walk.bounds.places)))
    for index in start..<max(start, end) where accounts.isOccupied(index) {
      turnIfDue(index, now: now)
      let account = accounts[index]
      let state = AccountStatus.State(
        used: account.used, reserved: account.reserved, limit: account.limit,
        warnAt: settings.budgets[account.budget].warnAt)
      walk.overview.accountCounts[state, default: 0] += 1
      walk.fullest.offer(Self.fullness(account, state), index: index)
    }
    walk.stage = end < accounts.limit ? .accounts(from: end) : .scopes(from: 0)
  }

  private static func fullness(_ account: Account, _ state: AccountStatus.State) -> OverviewWalk.Fullness {
    let severity = AccountStatus.State.allCases.firstIndex(of: state) ?? 0
    guard let limit = account.limit else { return OverviewWalk.Fullness(severity: severity, ratio: -1) }
    let taken = (account.used + account.reserved).approximation
    return OverviewWalk.Fullness(severity: severity, ratio: limit == 0 ? 1 : taken / limit.approximation)
  }

  private mutating func rankScopes(_ walk: inout OverviewWalk, from start: Int, now: Moment) {
    // Another configuration may have come since the last step, with other scopes.
    while walk.biggest.count < settings.scopes.count { walk.biggest.append(Ranking(capacity: walk.bounds.spenders)) }
    let tick = LookbackCounters.tick(at: now.steady)
    let end = min(scopes.keys.limit, start.saturatingAdd(max(1, walk.bounds.places)))
    for index in start..<max(start, end) where scopes.keys.isOccupied(index) {
      let scope = Int(scopes.keys.key(index)[0])
      let used = scopes[index].used(in: walk.lookback, tick: tick)
      guard scope < walk.biggest.count, used != LookbackCounters.Totals() else { continue }
      walk.biggest[scope].offer(OverviewWalk.Spending(totals: used), index: index)
    }
    walk.stage = end < scopes.keys.limit ? .scopes(from: end) : .statuses(from: 0)
  }

  private mutating func readStatuses(_ walk: inout OverviewWalk, from start: Int, now: Moment) {
    let ranked = walk.fullest.entries
    let end = min(ranked.count, start.saturatingAdd(max(1, walk.bounds.forecasts)))
    for (_, index) in ranked[start..<end] where index < accounts.limit && accounts.isOccupied(index) {
      turnIfDue(index, now: now)
      walk.overview.accounts.append(outlookStatus(index, now: now))
    }
    walk.stage = end < ranked.count ? .statuses(from: end) : .rest
  }

  private mutating func readRest(_ walk: inout OverviewWalk, now: Moment) {
    let tick = LookbackCounters.tick(at: now.steady)
    for (scope, ranking) in zip(settings.scopes.indices, walk.biggest) {
      var spenders = Overview.Spenders(scope: settings.scopes[scope])
      for (_, index) in ranking.entries where index < scopes.keys.limit && scopes.keys.isOccupied(index) {
        let (owner, value) = scopes.name(index)
        let used = scopes[index].used(in: walk.lookback, tick: tick)
        guard owner == scope, used != LookbackCounters.Totals() else { continue }
        spenders.rows.append(
          ScopeUsage(value: value, tokens: used.tokens, cost: used.cost, requests: used.requests))
      }
      walk.overview.spenders.append(spenders)
    }
    walk.overview.stops = Array(stoppedSubjects.prefix(walk.bounds.stops))
    walk.overview.stopCount = stops.count
    walk.overview.seriesCount = seriesCount
    walk.overview.openReservations = openReservations
    walk.overview.now = now.wall
    walk.stage = .done
  }
}
