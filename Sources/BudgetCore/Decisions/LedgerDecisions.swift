// Deciding: what a request would take from each matching account, and whether all of them can give it.
extension Ledger {
  /// Decides without holding anything, without telling anybody and without making an account. O(token kinds x matching accounts).
  package mutating func check(_ request: SpendRequest, now: Moment) -> Decision {
    expireReservations(now: now)
    return decision(on: judge(request, creating: false, now: now), now: now)
  }

  // Called for every request, these are `mutating` even where they change nothing: a mutating caller that lends the
  // ledger to a method that only reads it copies all of its two kilobytes to the stack.

  /// What is said to a request, before anything is held and before anybody is shown an account.
  struct Judgement: ~Copyable {
    var verdict = Verdict.allow
    var granted: Spend
    var demands: Demands
    var outputSource: OutputSource
    var delay = Interval.zero
    var stop: Apart<SubjectStop>?
  }

  /// - Parameter creating: whether accounts that do not exist yet are made: a reservation holds something on them.
  mutating func judge(_ asked: SpendRequest, creating: Bool, now: Moment) -> Judgement {
    if !asked.estimatesOutput, !asked.partial, asked.spend.isBounded {
      let demands = self.demands(of: asked.spend, tags: asked.tags, creating: creating, now: now)
      return judgement(on: demands, granting: asked.spend, outputSource: .given, request: asked)
    }
    var request = asked
    request.spend = asked.spend.bounded
    let outputSource = fillOutput(of: &request)
    var granted = request.spend
    var demands = self.demands(of: granted, tags: request.tags, creating: creating, now: now)
    if request.partial, !areGranted(demands), let output = fittingOutput(of: request, creating: creating, now: now) {
      granted = request.spend.settingOutput(output)
      demands = self.demands(of: granted, tags: request.tags, creating: creating, now: now)
    }
    return judgement(on: demands, granting: granted, outputSource: outputSource, request: request)
  }

  private mutating func judgement(
    on demands: consuming Demands, granting granted: Spend, outputSource: OutputSource, request: SpendRequest
  ) -> Judgement {
    let stop = stops.isEmpty ? nil : stop(of: request.tags).map { Apart($0) }
    var verdict: Verdict = stop == nil ? .allow : .deny
    var delay = Interval.zero
    if !demands.areFarBelow {
      for index in 0..<demands.each.count {
        verdict = max(verdict, demands.each[index].answer.verdict)
        delay = max(delay, demands.each[index].answer.delay)
      }
    }
    if verdict == .throttle {
      delay = min(Self.longestDelay, request.priority.wait(of: delay))
      if delay == .zero { verdict = .warn }
    } else {
      delay = .zero
    }
    return Judgement(
      verdict: verdict, granted: granted, demands: demands, outputSource: outputSource, delay: delay, stop: stop)
  }

  /// The judgement as a caller is told it, with the accounts as they stand by now.
  mutating func decision(on judged: consuming Judgement, now: Moment) -> Decision {
    var judgement = judged
    let accounts = statuses(of: judgement.demands, now: now)
    let breaches = judgement.verdict == .deny ? breaches(of: judgement.demands, now: now) : []
    let decision = Decision(
      verdict: judgement.verdict, granted: exchange(&judgement.granted, with: Spend()), cost: judgement.demands.cost,
      costIsEstimated: judgement.demands.isEstimated, accounts: accounts, breaches: breaches,
      outputSource: judgement.outputSource, delay: judgement.delay, heldStop: judgement.stop)
    reuse(judgement.demands)
    return decision
  }

  /// Counts, for each budget, what it would have said by itself: what shadow budgets are for.
  mutating func tally(_ demands: borrowing Demands) {
    for index in 0..<demands.each.count {
      let verdict: Verdict = demands.each[index].answer.fits ? demands.each[index].answer.verdict : .deny
      tallies[demands.each[index].place.budget].decisions[Int(verdict.rawValue)] += 1
    }
  }

  // MARK: One account's answer

  /// What the account of a demand says to it.
  @inline(__always)
  mutating func answer(to demand: Demand, now: Moment) -> Demand.Answer {
    let index = demand.place.account
    // Where no threshold would be reached there is nothing to find out.
    if index >= 0, accounts[index].isCalm {
      let total = accounts[index].used.saturatingAdd(accounts[index].reserved).saturatingAdd(demand.amount)
      if total < accounts[index].attention { return Demand.Answer(isFarBelow: true) }
    }
    return closeAnswer(to: demand, now: now)
  }

  @inline(never)
  private mutating func closeAnswer(to demand: Demand, now: Moment) -> Demand.Answer {
    Demand.Answer(fits: fits(demand), verdict: ownVerdict(of: demand, now: now), delay: delay(of: demand, now: now))
  }

  private func areGranted(_ demands: borrowing Demands) -> Bool {
    for index in 0..<demands.each.count {
      if !demands.each[index].answer.fits, isEnforced(demands.each[index]) { return false }
    }
    return true
  }

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
    if demand.place.account >= 0, accounts[demand.place.account].isProjected { return .warn }
    return total >= budget.warnAt.threshold(of: limit) ? .warn : .allow
  }

  private mutating func breaches(of demands: borrowing Demands, now: Moment) -> [Breach] {
    var breaches: [Breach] = []
    for index in 0..<demands.each.count {
      let demand = demands.each[index]
      guard !demand.answer.fits, isEnforced(demand) else { continue }
      breaches.append(
        Breach(
          account: status(of: demand.place, among: demands, now: now), requested: demand.amount,
          retryAfter: retryAfter(demand, now: now)))
    }
    return breaches.sorted { isTighter($0, $1) }
  }

  /// The one with the smaller remaining share first; of two alike, the one that lasts longer.
  private func isTighter(_ left: Breach, _ right: Breach) -> Bool {
    func share(_ breach: Breach) -> Double {
      guard let limit = breach.account.limit, limit > 0 else { return 0 }
      return (breach.account.remaining ?? 0).approximation / limit.approximation
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
      reuse(demands)
    }
    return fitting > 0 ? fitting : nil
  }

  @inline(__always)
  private mutating func statuses(of demands: borrowing Demands, now: Moment) -> AccountStatuses {
    let count = demands.each.count
    var room = takeStatusRoom(for: count)
    var places = room.mutableSpan
    for index in 0..<count {
      let place = demands.each[index].place
      places[index] = place.account >= 0 ? figures(place.account) : emptyFigures(of: place, now: now)
    }
    return answer(room, count: count, absentNames: demands.isAllThere ? nil : demands.absent)
  }

  private mutating func status(of place: Place, among demands: borrowing Demands, now: Moment) -> AccountStatus {
    place.account >= 0
      ? status(place.account) : AccountStatus(emptyFigures(of: place, now: now), of: demands.absent[place.absent])
  }

  @inline(never)
  private mutating func emptyFigures(of place: Place, now: Moment) -> AccountFigures {
    emptyFigures(of: place.budget, place: place.absent, now: now)
  }
}
