// What holds at any time, whatever came in: for tests and simulations, which ask after every step.
extension Ledger {
  /// Every broken rule as a sentence; empty when all hold. O(accounts x buckets + reservations + series).
  package func checkInvariants() -> [String] {
    brokenAccounts() + brokenReservations() + brokenBounds() + pools.brokenRules() + brokenActivities()
  }

  private func brokenAccounts() -> [String] {
    var broken: [String] = []
    var held: [Int: Quantity] = [:]
    for slot in 0..<reservations.slots.count where reservations[slot].state == .held {
      for hold in reservations[slot].holds {
        held[Int(hold.account), default: 0] += hold.amount
        // A hold of nothing may outlive its account: there is nothing to give back.
        if !isLive(hold), hold.amount > 0 {
          broken.append("reservation \(slot) holds an account that went away")
        }
      }
    }
    for index in 0..<accounts.limit where accounts.isOccupied(index) {
      let account = accounts[index]
      var own: [String] = []
      if account.used < 0 { own.append("used is \(account.used)") }
      if account.usedTotal < account.used { own.append("the total is less than used") }
      if account.reserved != held[index, default: 0] {
        own.append("\(account.reserved) reserved, \(held[index, default: 0]) held")
      }
      own += brokenBuckets(account)
      own += brokenLevel(index)
      broken += own.map { String(decoding: accounts.labelText(index), as: UTF8.self) + ": " + $0 }
    }
    return broken
  }

  private func brokenBuckets(_ account: Account) -> [String] {
    guard account.ring >= 0 else { return [] }
    var broken: [String] = []
    var sum = account.unsettled
    for place in account.ring..<(account.ring + RollingBuckets.count) {
      sum += accounts.rings[place]
      if accounts.rings[place] < 0 { broken.append("a bucket is negative") }
    }
    if sum != account.used { broken.append("buckets sum to \(sum), used is \(account.used)") }
    if accounts.rings[account.ring + account.bucketPlace] + account.unsettled < 0 {
      broken.append("the bucket is negative")
    }
    return broken
  }

  private func brokenLevel(_ index: Int) -> [String] {
    let account = accounts[index]
    let budget = settings.budgets[account.budget]
    guard account.used > 0 else { return [] }
    let level = Account.level(used: account.used, limit: account.limit, warnAt: budget.warnAt)
    var broken: [String] = []
    if account.level != level { broken.append("level is \(account.level), use means \(level)") }
    if account.attention != Account.attention(after: account.level, limit: account.limit, budget: budget) {
      broken.append("looks up at \(account.attention)")
    }
    if account.isStopped, budget.stopGrace == nil || account.level < .exhausted {
      broken.append("stopped below its limit")
    }
    if !account.isStopped, isPastGrace(index) { broken.append("not stopped past its grace") }
    return broken
  }

  private func brokenReservations() -> [String] {
    let open = (0..<reservations.slots.count).count { reservations[$0].state == .held }
    var broken: [String] = []
    if open != reservations.openCount {
      broken.append("\(open) reservations are open, \(reservations.openCount) counted")
    }
    if open > settings.bounds.maxReservations { broken.append("\(open) reservations are open") }
    if reservations.slots.count > 2 * max(1, settings.bounds.maxReservations) {
      broken.append("\(reservations.slots.count) places for reservations")
    }
    return broken
  }

  private func brokenBounds() -> [String] {
    var broken: [String] = []
    // One series of everybody else for each kind of token, and one for calls; one account a budget.
    if series.count > settings.bounds.maxSeries + 7 { broken.append("\(series.count) series") }
    if accounts.count > settings.bounds.maxAccounts + settings.budgets.count {
      broken.append("\(accounts.count) accounts")
    }
    if scopes.count > settings.bounds.maxScopeValues + settings.scopes.count {
      broken.append("\(scopes.count) scope values")
    }
    for index in 0..<series.rows.count where series.keys.isOccupied(index) {
      let row = series[index]
      if row.tokens < 0 || row.requests < 0 || row.items < 0 || row.cost < 0 {
        broken.append("series \(index) is negative")
      }
    }
    return broken
  }
}
