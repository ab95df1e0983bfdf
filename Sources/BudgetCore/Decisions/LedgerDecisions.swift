// Deciding: what a request would take from each matching account, and whether all of them can give it.
extension Ledger {
  /// What a request takes from one account.
  struct Demand {
    var account: Int
    var amount: Quantity
  }

  /// Decides without holding anything and without telling anybody. O(token kinds x matching accounts).
  package mutating func check(_ request: SpendRequest, now: Moment) -> Decision {
    expireReservations(now: now)
    return decide(request, now: now).decision
  }

  mutating func decide(_ request: SpendRequest, now: Moment) -> (decision: Decision, demands: [Demand]) {
    var granted = request.spend
    var (demands, cost, isEstimated) = self.demands(of: granted, tags: request.tags, now: now)
    var breaches = self.breaches(of: demands, now: now)
    if request.partial, !breaches.isEmpty, let output = fittingOutput(of: request, now: now) {
      granted = request.spend.settingOutput(output)
      (demands, cost, isEstimated) = self.demands(of: granted, tags: request.tags, now: now)
      breaches = self.breaches(of: demands, now: now)
    }
    let enforced = breaches.filter { $0.account.budget.mode == .enforce }
    var verdict = Verdict.allow
    for demand in demands { verdict = max(verdict, ownVerdict(of: demand)) }
    let decision = Decision(
      verdict: verdict, granted: granted, cost: cost, costIsEstimated: isEstimated,
      accounts: demands.map { status($0.account) }, breaches: enforced)
    return (decision, demands)
  }

  /// Counts, for each budget, what it would have said by itself: what shadow budgets are for.
  mutating func tally(_ demands: [Demand]) {
    for demand in demands {
      let budget = accounts[demand.account].budget
      let verdict: Verdict = fits(demand) ? ownVerdict(of: demand) : .deny
      tallies[budget].decisions[Int(verdict.rawValue)] += 1
    }
  }

  /// What each matching account has to give for this spend, and what its tokens and its extra cost come to.
  mutating func demands(of spend: Spend, tags: TagSet, now: Moment)
    -> (demands: [Demand], cost: Quantity, isEstimated: Bool)
  {
    var demands: [Demand] = []
    func add(_ account: Int, _ amount: Quantity) {
      if let index = demands.firstIndex(where: { $0.account == account }) {
        demands[index].amount = demands[index].amount.saturatingAdd(amount)
      } else {
        demands.append(Demand(account: account, amount: amount))
      }
    }
    let base = tags.removing(TagName.tokenType)
    let call = routes[route(of: base, now: now)]
    let firstCost = Int(call.firstAccount) + Int(call.tokenAccounts)
    let firstRequest = firstCost + Int(call.costAccounts)
    for target in Int(call.firstAccount)..<firstCost { add(Int(routes.targets[target]), 0) }
    for target in firstCost..<firstRequest { add(Int(routes.targets[target]), spend.cost) }
    for target in firstRequest..<(firstRequest + Int(call.requestAccounts)) {
      add(Int(routes.targets[target]), Quantity(spend.requests))
    }

    let price = self.price(of: base)
    let rates = price.price.rates(promptTokens: spend.promptTokens)
    var cost = spend.cost
    for amount in spend.tokens {
      let ownCost = Quantity(amount.count) &* Quantity(rates.rate(for: amount.kind))
      cost = cost.saturatingAdd(ownCost)
      let route = routes[self.route(of: base.setting(TagName.tokenType, to: amount.kind.name), now: now)]
      let first = Int(route.firstAccount)
      let middle = first + Int(route.tokenAccounts)
      for target in first..<middle { add(Int(routes.targets[target]), Quantity(amount.count)) }
      for target in middle..<(middle + Int(route.costAccounts)) { add(Int(routes.targets[target]), ownCost) }
    }
    for demand in demands { turnIfDue(demand.account, now: now) }
    return (demands, cost, price.isEstimated && !spend.tokens.isEmpty)
  }

  func price(of tags: TagSet) -> PriceMatch {
    settings.prices.lookup(provider: tags[TagName.provider], model: tags[TagName.model] ?? "")
  }

  // MARK: One account's answer

  /// An exact fit is granted; a limit of 0 denies everything, even nothing.
  private func fits(_ demand: Demand) -> Bool {
    guard let limit = settings.budgets[accounts[demand.account].budget].limit else { return true }
    if limit == 0 { return false }
    let account = accounts[demand.account]
    return account.used.saturatingAdd(account.reserved).saturatingAdd(demand.amount) <= limit
  }

  private func ownVerdict(of demand: Demand) -> Verdict {
    let budget = settings.budgets[accounts[demand.account].budget]
    guard let limit = budget.limit else { return .allow }
    if !fits(demand) {
      switch budget.mode {
      case .shadow: return .allow
      case .warn: return .warn
      case .enforce: return .deny
      }
    }
    guard budget.mode != .shadow else { return .allow }
    let account = accounts[demand.account]
    let after = account.used.saturatingAdd(account.reserved).saturatingAdd(demand.amount)
    return after >= budget.warnAt.threshold(of: limit) ? .warn : .allow
  }

  private func breaches(of demands: [Demand], now: Moment) -> [Breach] {
    demands.filter { !fits($0) }
      .map { demand in
        Breach(
          account: status(demand.account), requested: demand.amount,
          retryAfter: retryAfter(demand, now: now))
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
  private mutating func fittingOutput(of request: SpendRequest, now: Moment) -> Int64? {
    guard let asked = request.spend.outputTokens, asked > 0 else { return nil }
    // What fits is monotone in the output, whatever accounts and price steps are involved.
    var fitting: Int64 = 0
    var tooMuch = asked
    while fitting + 1 < tooMuch {
      let middle = fitting + (tooMuch - fitting) / 2
      let (demands, _, _) = self.demands(of: request.spend.settingOutput(middle), tags: request.tags, now: now)
      let allFit = demands.allSatisfy { fits($0) || settings.budgets[accounts[$0.account].budget].mode != .enforce }
      if allFit { fitting = middle } else { tooMuch = middle }
    }
    return fitting > 0 ? fitting : nil
  }

  func status(_ index: Int) -> AccountStatus {
    let account = accounts[index]
    let budget = settings.budgets[account.budget]
    return AccountStatus(
      index: index, budget: budget, tags: zip(budget.per, accounts.values[index]).map { Tag(key: $0, value: $1) },
      limit: budget.limit, used: account.used, reserved: account.reserved, usedTotal: account.usedTotal,
      windowStart: account.windowStart, resetsAt: account.windowEnd == .distantFuture ? nil : account.windowEnd)
  }
}
