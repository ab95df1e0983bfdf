// What the control endpoint reads. Reading never creates an account.

/// What one value of a scope used over a lookback.
package struct ScopeUsage: Sendable {
  package var value: String
  package var tokens: Int64
  /// Picodollars.
  package var cost: UInt64
  package var requests: Int64
}

extension Ledger {
  /// The accounts of a budget whose tags equal the given ones (others may be anything); `nil` for an unknown
  /// name. An account that does not exist yet, but is named completely, reads as zeros.
  package mutating func accountStatuses(budget name: String, where filter: [Tag], now: Moment) -> [AccountStatus]? {
    expireReservations(now: now)
    let matching = settings.budgets.indices.filter { settings.budgets[$0].name == name }
    guard !matching.isEmpty else { return nil }
    var found: [AccountStatus] = []
    for index in 0..<accounts.limit where accounts.isOccupied(index) && matching.contains(accounts[index].budget) {
      let per = settings.budgets[accounts[index].budget].per
      let fits = filter.allSatisfy { tag in
        per.firstIndex(of: tag.key).map { accounts.identities[index].tags[$0] == tag } ?? false
      }
      guard fits else { continue }
      turnIfDue(index, now: now)
      found.append(outlookStatus(index, now: now))
    }
    for budget in matching where !found.contains(where: { $0.budget.unit == settings.budgets[budget].unit }) {
      if let empty = emptyStatus(of: budget, filter: filter, now: now) { found.append(empty) }
    }
    return found
  }

  /// Every account, in the order of birth.
  package mutating func accountStatuses(now: Moment) -> [AccountStatus] {
    expireReservations(now: now)
    var all: [AccountStatus] = []
    for index in 0..<accounts.limit where accounts.isOccupied(index) {
      turnIfDue(index, now: now)
      all.append(outlookStatus(index, now: now))
    }
    return all
  }

  /// An account with its burn rates and forecast.
  mutating func outlookStatus(_ index: Int, now: Moment) -> AccountStatus {
    var status = status(index)
    status.outlook = outlook(index, now: now)
    return status
  }

  private func emptyStatus(of budgetIndex: Int, filter: [Tag], now: Moment) -> AccountStatus? {
    let budget = settings.budgets[budgetIndex]
    guard filter.count == budget.per.count else { return nil }
    var values: [String] = []
    for key in budget.per {
      guard let tag = filter.first(where: { $0.key == key }) else { return nil }
      values.append(tag.value)
    }
    return AccountStatus(
      emptyFigures(of: budgetIndex, now: now), of: AccountIdentity(rule: rules[budgetIndex], values: values))
  }

  /// An account that does not exist yet, as it would be if it did.
  /// - Parameter place: among those of the answer that do not exist yet.
  func emptyFigures(of budgetIndex: Int, place: Int = 0, now: Moment) -> AccountFigures {
    let fresh = Self.newAccount(settings.budgets[budgetIndex], index: budgetIndex, ring: -1, now: now)
    return AccountFigures(
      index: ~place, limit: budgetLimit(budgetIndex, now: now), used: 0, reserved: 0, usedTotal: 0,
      windowStart: fresh.windowStart, windowEnd: fresh.windowEnd)
  }

  /// What the values of a scope used, most tokens first; `nil` for a tag that is not a scope. O(values log values).
  package mutating func usage(by scope: String, in lookback: LookbackCounters.Lookback, top: Int, now: Moment)
    -> [ScopeUsage]?
  {
    guard let wanted = settings.scopes.firstIndex(of: scope) else { return nil }
    let tick = LookbackCounters.tick(at: now.steady)
    var all: [ScopeUsage] = []
    for index in 0..<scopes.keys.limit where scopes.keys.isOccupied(index) && Int(scopes.keys.key(index)[0]) == wanted {
      let used = scopes[index].used(in: lookback, tick: tick)
      guard used != LookbackCounters.Totals() else { continue }
      all.append(
        ScopeUsage(value: scopes.name(index).value, tokens: used.tokens, cost: used.cost, requests: used.requests))
    }
    all.sort { ($0.tokens, $0.cost, $0.requests, $1.value) > ($1.tokens, $1.cost, $1.requests, $0.value) }
    return Array(all.prefix(max(0, top)))
  }
}
