// Deciding: what a request would take from each matching account, and whether all of them can give it.
extension Ledger {
  /// Decides without holding anything, without telling anybody and without making an account. O(token kinds x matching accounts).
  package mutating func check(_ request: SpendRequest, now: Moment) -> Decision {
    expireReservations(now: now)
    return decide(request, creating: false, now: now).decision
  }

  /// - Parameter creating: whether accounts that do not exist yet are made: a reservation holds something on them.
  mutating func decide(_ asked: SpendRequest, creating: Bool, now: Moment) -> (decision: Decision, demands: [Demand]) {
    var request = asked
    request.spend = asked.spend.bounded
    let outputSource = fillOutput(of: &request)
    var granted = request.spend
    var (demands, cost, isEstimated) = self.demands(of: granted, tags: request.tags, creating: creating, now: now)
    if request.partial, !demands.allSatisfy({ fits($0) || !isEnforced($0) }),
      let output = fittingOutput(of: request, creating: creating, now: now)
    {
      granted = request.spend.settingOutput(output)
      (demands, cost, isEstimated) = self.demands(of: granted, tags: request.tags, creating: creating, now: now)
    }
    let stop = stop(of: request.tags)
    var verdict = stop == nil ? Verdict.allow : .deny
    var delay = Interval.zero
    for demand in demands {
      verdict = max(verdict, ownVerdict(of: demand, now: now))
      delay = max(delay, self.delay(of: demand, now: now))
    }
    var decision = Decision(
      verdict: verdict, granted: granted, cost: cost, costIsEstimated: isEstimated,
      accounts: demands.map { status($0.place, now: now) }, breaches: breaches(of: demands, now: now),
      outputSource: outputSource)
    decision.delay = verdict == .throttle ? delay : .zero
    decision.stop = stop
    return (decision, demands)
  }

  /// Counts, for each budget, what it would have said by itself: what shadow budgets are for.
  mutating func tally(_ demands: [Demand], now: Moment) {
    for demand in demands {
      let budget = demand.place.budget
      let verdict: Verdict = fits(demand) ? ownVerdict(of: demand, now: now) : .deny
      tallies[budget].decisions[Int(verdict.rawValue)] += 1
    }
  }

  // MARK: One account's answer

  /// An exact fit is granted; a limit of 0 denies everything, even nothing, and so does a stopped account.
  private func fits(_ demand: Demand) -> Bool {
    guard let ceiling = ceiling(of: demand) else { return true }
    guard demand.limit != 0, demand.place.account < 0 || !accounts[demand.place.account].isStopped else { return false }
    return total(with: demand) <= ceiling
  }

  /// The most that may be used and held: the limit and its grace.
  func ceiling(of demand: Demand) -> Quantity? {
    demand.limit?.saturatingAdd(settings.budgets[demand.place.budget].stopGrace ?? 0)
  }

  private func isEnforced(_ demand: Demand) -> Bool { settings.budgets[demand.place.budget].mode == .enforce }

  /// What would be used and held if the demand were granted.
  private func total(with demand: Demand) -> Quantity {
    guard demand.place.account >= 0 else { return demand.amount }
    let account = accounts[demand.place.account]
    return account.used.saturatingAdd(account.reserved).saturatingAdd(demand.amount)
  }

  private func ownVerdict(of demand: Demand, now: Moment) -> Verdict {
    let budget = settings.budgets[demand.place.budget]
    guard let limit = demand.limit else { return .allow }
    if !fits(demand) {
      switch budget.mode {
      case .shadow: return .allow
      case .warn: return .warn
      case .enforce: return .deny
      }
    }
    guard budget.mode != .shadow else { return .allow }
    let total = total(with: demand)
    if delay(of: demand, now: now) > .zero { return .throttle }
    return total >= budget.warnAt.threshold(of: limit) ? .warn : .allow
  }

  private func breaches(of demands: [Demand], now: Moment) -> [Breach] {
    demands.filter { !fits($0) && isEnforced($0) }
      .map { demand in
        Breach(
          account: status(demand.place, now: now), requested: demand.amount, retryAfter: retryAfter(demand, now: now))
      }
      .sorted { isTighter($0, $1) }
  }

  /// The one with the smaller remaining share first; of two alike, the one that lasts longer.
  private func isTighter(_ left: Breach, _ right: Breach) -> Bool {
    func share(_ breach: Breach) -> Double {
      guard let limit = breach.account.limit, limit > 0 else { return 0 }
      return Double(breach.account.remaining ?? 0) / Double(limit)
    }
    let (leftShare, rightShare) = (share(left), share(right))
    if leftShare != rightShare { return leftShare < rightShare }
    return (left.retryAfter?.nanoseconds ?? .max) > (right.retryAfter?.nanoseconds ?? .max)
  }

  /// The most output that every enforcing account can give beside the rest of the request; `nil` when that is none.
  private mutating func fittingOutput(of request: SpendRequest, creating: Bool, now: Moment) -> Int64? {
    guard let asked = request.spend.outputTokens, asked > 0 else { return nil }
    // What fits is monotone in the output, whatever accounts and price steps are involved.
    var fitting: Int64 = 0
    var tooMuch = asked
    while fitting + 1 < tooMuch {
      let middle = fitting + (tooMuch - fitting) / 2
      let (demands, _, _) = self.demands(
        of: request.spend.settingOutput(middle), tags: request.tags, creating: creating, now: now)
      if demands.allSatisfy({ fits($0) || !isEnforced($0) }) { fitting = middle } else { tooMuch = middle }
    }
    return fitting > 0 ? fitting : nil
  }

  func status(_ place: Place, now: Moment) -> AccountStatus {
    place.account >= 0 ? status(place.account) : emptyStatus(of: place.budget, values: place.values, now: now)
  }

  func status(_ index: Int) -> AccountStatus {
    let account = accounts[index]
    let budget = settings.budgets[account.budget]
    return AccountStatus(
      index: index, budget: budget, tags: zip(budget.per, accounts.values[index]).map { Tag(key: $0, value: $1) },
      limit: account.limit, used: account.used, reserved: account.reserved, usedTotal: account.usedTotal,
      isStopped: account.isStopped, windowStart: account.windowStart,
      resetsAt: account.windowEnd == .distantFuture ? nil : account.windowEnd)
  }
}
