// What an operator may do to budgets while they run. Each act is one step; it counts from the next decision.

/// What became of an operator's act on a budget.
package enum BudgetActOutcome: Sendable {
  /// The accounts that it touched, as they now stand.
  case done([AccountStatus])
  case unknownBudget
  /// The budget has limits in several units, and none or none of its own was named.
  case ambiguousUnit([BudgetUnit])
  /// The tags do not name accounts of this budget, which are per these.
  case wrongTags(per: [String])
  /// A limit without an end cannot be topped up.
  case unlimited
  /// As many top-ups are open as an account may have, or as many accounts as the bounds allow.
  case full
}

extension Ledger {
  private enum Target {
    case budget(Int)
    case refused(BudgetActOutcome)
  }

  /// Adds to the limit of one account until `until`, or else to the end of its window: of a rolling one, for its
  /// length; of a lifetime, until it starts anew. Makes the account if there is none yet.
  /// - Parameter amount: more than 0; larger ones than 2^100 count as that.
  package mutating func topUp(
    budget name: String, unit: BudgetUnit?, tags: [Tag], amount: Quantity, until: Instant?, now: Moment
  ) -> BudgetActOutcome {
    expireReservations(now: now)
    switch target(name, unit) {
    case .refused(let outcome): return outcome
    case .budget(let budget):
      guard let values = values(of: budget, tags) else { return .wrongTags(per: settings.budgets[budget].per) }
      guard let index = ownAccount(of: budget, values: values, now: now) else { return .full }
      turnIfDue(index, now: now)
      guard accounts[index].limit != nil else { return .unlimited }
      var terms = accountTerms[index] ?? AccountTerms()
      guard terms.topUps.count < AccountTerms.maximumTopUps else { return .full }
      let end = until ?? windowEnd(index, now: now)
      let bounded = min(max(0, amount), Self.largestLimit)
      terms.topUps.append(LimitTerm(amount: bounded, until: end.map { moment(at: $0, now: now) }))
      accountTerms[index] = terms
      changeLimit(index, now: now)
      return .done([status(index)])
    }
  }

  /// Replaces the limit of one account, or without tags of every account of the budget, until `until` or until it is
  /// replaced or taken back. An account's own override goes before the budget's.
  package mutating func override(
    budget name: String, unit: BudgetUnit?, tags: [Tag], limit: Quantity?, until: Instant?, now: Moment
  ) -> BudgetActOutcome {
    let bounded = limit.map { min(max(0, $0), Self.largestLimit) }
    let term = LimitTerm(amount: bounded, until: until.map { moment(at: $0, now: now) })
    return setOverride(term, budget: name, unit: unit, tags: tags, now: now)
  }

  /// Takes an override back: the limit of the configuration holds again.
  package mutating func removeOverride(budget name: String, unit: BudgetUnit?, tags: [Tag], now: Moment)
    -> BudgetActOutcome
  {
    setOverride(nil, budget: name, unit: unit, tags: tags, now: now)
  }

  private mutating func setOverride(
    _ term: LimitTerm?, budget name: String, unit: BudgetUnit?, tags: [Tag], now: Moment
  ) -> BudgetActOutcome {
    expireReservations(now: now)
    switch target(name, unit) {
    case .refused(let outcome): return outcome
    case .budget(let budget):
      if tags.isEmpty {
        // A window that has ended rolls over a share of the limit of then.
        for index in 0..<accounts.limit where accounts.isOccupied(index) && accounts[index].budget == budget {
          turnIfDue(index, now: now)
        }
        budgetOverrides[budget] = term
        return .done(changeLimits(of: budget, now: now))
      }
      guard let values = values(of: budget, tags) else { return .wrongTags(per: settings.budgets[budget].per) }
      guard term != nil || account(of: budget, values: values, now: now, creating: false) != nil else {
        return .done([])
      }
      guard let index = ownAccount(of: budget, values: values, now: now) else { return .full }
      turnIfDue(index, now: now)
      var terms = accountTerms[index] ?? AccountTerms()
      terms.override = term
      accountTerms[index] = terms.isEmpty ? nil : terms
      changeLimit(index, now: now)
      return .done([status(index)])
    }
  }

  /// Sets the use of every account with these tags to nothing; totals, holds and limits stay. Without a unit, in
  /// every unit of the budget.
  package mutating func reset(budget name: String, unit: BudgetUnit?, tags: [Tag], now: Moment) -> BudgetActOutcome {
    expireReservations(now: now)
    let matching = settings.budgets.indices.filter {
      settings.budgets[$0].name == name && (unit == nil || settings.budgets[$0].unit == unit)
    }
    guard let first = matching.first else {
      if case .refused(let outcome) = target(name, unit) { return outcome }
      return .unknownBudget
    }
    let per = settings.budgets[first].per
    guard tags.allSatisfy({ per.contains($0.key) }) else { return .wrongTags(per: per) }
    var touched: [AccountStatus] = []
    for index in 0..<accounts.limit where accounts.isOccupied(index) && matching.contains(accounts[index].budget) {
      guard tags.allSatisfy({ accounts.identities[index].tags[per.firstIndex(of: $0.key)!] == $0 }) else { continue }
      turnIfDue(index, now: now)
      clearUse(index, now: now)
      touched.append(status(index))
    }
    return .done(touched)
  }

  // MARK: Parts

  private func target(_ name: String, _ unit: BudgetUnit?) -> Target {
    let matching = settings.budgets.indices.filter { settings.budgets[$0].name == name }
    guard !matching.isEmpty else { return .refused(.unknownBudget) }
    let fitting = matching.filter { unit == nil || settings.budgets[$0].unit == unit }
    guard fitting.count == 1 else { return .refused(.ambiguousUnit(matching.map { settings.budgets[$0].unit })) }
    return .budget(fitting[0])
  }

  /// The values of the budget's `per` tags, when the tags are exactly these.
  private func values(of budget: Int, _ tags: [Tag]) -> [String]? {
    let per = settings.budgets[budget].per
    guard tags.count == per.count else { return nil }
    var values: [String] = []
    for key in per {
      guard let tag = tags.first(where: { $0.key == key }) else { return nil }
      values.append(tag.value)
    }
    return values
  }

  /// The account itself, never the one of `__other__` in its place.
  private mutating func ownAccount(of budget: Int, values: [String], now: Moment) -> Int? {
    guard let index = account(of: budget, values: values, now: now, creating: true) else { return nil }
    return accounts.identities[index].values == values ? index : nil
  }

  private func windowEnd(_ index: Int, now: Moment) -> Instant? {
    switch settings.budgets[accounts[index].budget].window {
    case .rolling(let length): now.wall + length
    case .fixed, .calendar: accounts[index].windowEnd
    case .lifetime: nil
    }
  }

  private func moment(at wall: Instant, now: Moment) -> Moment {
    Moment(wall: wall, steady: now.steady + (wall - now.wall))
  }

  mutating func changeLimit(_ index: Int, now: Moment) {
    refreshLimit(index, now: now)
    resumeLevel(index, now: now)
  }

  private mutating func changeLimits(of budget: Int, now: Moment) -> [AccountStatus] {
    var touched: [AccountStatus] = []
    for index in 0..<accounts.limit where accounts.isOccupied(index) && accounts[index].budget == budget {
      turnIfDue(index, now: now)
      changeLimit(index, now: now)
      touched.append(status(index))
    }
    return touched
  }

  private mutating func clearUse(_ index: Int, now: Moment) {
    accounts[index].used = 0
    accounts.settleBucket(index)
    let ring = accounts[index].ring
    if ring >= 0 {
      for place in ring..<(ring + RollingBuckets.count) { accounts.rings[place] = 0 }
    }
    // A late settle must not take back from the new use what an expiry charged before.
    let gone = WindowMark(
      bucket: accounts[index].bucket.saturatingSubtract(Int64(RollingBuckets.count)), windowStart: .distantPast)
    reservations.moveMarks(of: index, serial: accounts[index].serial, to: gone)
    settleLevel(index, now: now)
  }
}
