// Deciding: what a request would take from each matching account, and whether all of them can give it.
extension Ledger {
  /// Decides without holding anything, without telling anybody and without making an account. O(token kinds x matching accounts).
  package mutating func check(_ request: SpendRequest, now: Moment) -> Decision {
    expireReservations(now: now)
    return decision(on: judge(request, creating: false, now: now), now: now)
  }

  /// What is said to a request, before anything is held and before anybody is shown an account.
  struct Judgement {
    var verdict = Verdict.allow
    var granted: Spend
    var demands: Demands
    var outputSource: OutputSource
    var delay = Interval.zero
    var stop: SubjectStop?
  }

  /// - Parameter creating: whether accounts that do not exist yet are made: a reservation holds something on them.
  mutating func judge(_ asked: SpendRequest, creating: Bool, now: Moment) -> Judgement {
    var request = asked
    if !request.spend.isBounded { request.spend = request.spend.bounded }
    let outputSource = fillOutput(of: &request)
    var granted = request.spend
    var demands = self.demands(of: granted, tags: request.tags, creating: creating, now: now)
    if request.partial, !areGranted(demands), let output = fittingOutput(of: request, creating: creating, now: now) {
      granted = request.spend.settingOutput(output)
      demands = self.demands(of: granted, tags: request.tags, creating: creating, now: now)
    }
    var judgement = Judgement(granted: granted, demands: demands, outputSource: outputSource)
    judgement.stop = stop(of: request.tags)
    if judgement.stop != nil { judgement.verdict = .deny }
    for index in judgement.demands.each.indices {
      let answer = self.answer(to: judgement.demands.each[index], now: now)
      judgement.demands.each[index].answer = answer
      judgement.verdict = max(judgement.verdict, answer.verdict)
      judgement.delay = max(judgement.delay, answer.delay)
    }
    if judgement.verdict != .throttle { judgement.delay = .zero }
    return judgement
  }

  /// The judgement as a caller is told it, with the accounts as they stand by now.
  func decision(on judgement: Judgement, now: Moment) -> Decision {
    let demands = judgement.demands
    var statuses: [AccountStatus] = []
    statuses.reserveCapacity(demands.each.count)
    for demand in demands.each { statuses.append(status(of: demand.place, among: demands, now: now)) }
    return Decision(
      verdict: judgement.verdict, granted: judgement.granted, cost: demands.cost,
      costIsEstimated: demands.isEstimated, accounts: statuses, breaches: breaches(of: demands, now: now),
      outputSource: judgement.outputSource, delay: judgement.delay, stop: judgement.stop)
  }

  /// Counts, for each budget, what it would have said by itself: what shadow budgets are for.
  mutating func tally(_ demands: Demands) {
    for demand in demands.each {
      let verdict: Verdict = demand.answer.fits ? demand.answer.verdict : .deny
      tallies[demand.place.budget].decisions[Int(verdict.rawValue)] += 1
    }
  }

  // MARK: One account's answer

  private func answer(to demand: Demand, now: Moment) -> Demand.Answer {
    if isFarBelow(demand) { return Demand.Answer() }
    return Demand.Answer(
      fits: fits(demand), verdict: ownVerdict(of: demand, now: now), delay: delay(of: demand, now: now))
  }

  /// Whether no threshold of the account would be reached: then there is nothing to find out.
  private func isFarBelow(_ demand: Demand) -> Bool {
    let index = demand.place.account
    return index >= 0 && accounts[index].isCalm && total(with: demand) < accounts[index].attention
  }

  private func areGranted(_ demands: Demands) -> Bool { demands.each.allSatisfy { fits($0) || !isEnforced($0) } }

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
    return accounts[demand.place.account].used.saturatingAdd(accounts[demand.place.account].reserved)
      .saturatingAdd(demand.amount)
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

  private func breaches(of demands: Demands, now: Moment) -> [Breach] {
    guard demands.each.contains(where: { !$0.answer.fits }) else { return [] }
    return demands.each.filter { !$0.answer.fits && isEnforced($0) }
      .map { demand in
        Breach(
          account: status(of: demand.place, among: demands, now: now), requested: demand.amount,
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
  private mutating func fittingOutput(of request: SpendRequest, creating: Bool, now: Moment) -> Int64? {
    guard let asked = request.spend.outputTokens, asked > 0 else { return nil }
    // What fits is monotone in the output, whatever accounts and price steps are involved.
    var fitting: Int64 = 0
    var tooMuch = asked
    while fitting + 1 < tooMuch {
      let middle = fitting + (tooMuch - fitting) / 2
      let demands = self.demands(
        of: request.spend.settingOutput(middle), tags: request.tags, creating: creating, now: now)
      if areGranted(demands) { fitting = middle } else { tooMuch = middle }
    }
    return fitting > 0 ? fitting : nil
  }

  private func status(of place: Place, among demands: Demands, now: Moment) -> AccountStatus {
    if place.account >= 0 { return status(place.account) }
    return emptyStatus(of: place.budget, values: demands.absent[place.absent], now: now)
  }

  func status(_ index: Int) -> AccountStatus {
    AccountStatus(
      index: index, identity: accounts.identities[index], limit: accounts[index].limit, used: accounts[index].used,
      reserved: accounts[index].reserved, usedTotal: accounts[index].usedTotal,
      isStopped: accounts[index].isStopped, windowStart: accounts[index].windowStart,
      resetsAt: accounts[index].windowEnd == .distantFuture ? nil : accounts[index].windowEnd)
  }
}
