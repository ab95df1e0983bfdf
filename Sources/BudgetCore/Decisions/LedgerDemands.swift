// What a request would take, and from which accounts. A check finds the same accounts as a reservation but
// makes none: an account that does not exist yet is judged as the empty one it would be.
extension Ledger {
  /// What a request takes from one account.
  struct Demand {
    var place: Place
    var amount: Quantity
    /// The account's effective limit; `nil` is unlimited.
    var limit: Quantity?
    var answer = Answer()

    /// What the account says to it.
    struct Answer {
      var fits = true
      var verdict = Verdict.allow
      var delay = Interval.zero
      /// No threshold of the account would be reached.
      var isFarBelow = false
    }
  }

  /// An account, or where one would be.
  struct Place: Hashable {
    /// -1 for one that does not exist yet.
    var account: Int
    var budget: Int
    /// Which of the absent accounts it is, where it does not exist yet.
    var absent = -1
  }

  /// What a request takes from every account that counts it.
  struct Demands: ~Copyable {
    var each: Slab<Demand>
    /// Which accounts those are that do not exist yet.
    var absent: [AccountIdentity] = []
    /// What its tokens and its extra cost come to, and whether that is at the rates of no known model.
    var cost: Quantity = 0
    var isEstimated = false
    /// The call's route; -1 without one.
    var route = -1
    /// Whether each account exists and none stands in for another one.
    var isAllThere = true
    /// Whether no threshold of any account would be reached.
    var areFarBelow = true

    /// Several amounts of one place add up.
    fileprivate mutating func add(_ places: [Place], _ amount: Quantity) {
      for place in places {
        if let index = (0..<each.count).first(where: { each[$0].place == place }) {
          each[index].amount = each[index].amount.saturatingAdd(amount)
        } else {
          each.append(Demand(place: place, amount: amount))
        }
      }
    }

    fileprivate mutating func absentPlace(budget: Int, rule: SharedBudget, values: [String]) -> Place {
      for index in 0..<each.count {
        let place = each[index].place
        if place.budget == budget, place.account < 0, absent[place.absent].values == values { return place }
      }
      absent.append(AccountIdentity(rule: rule, values: values))
      isAllThere = false
      return Place(account: -1, budget: budget, absent: absent.count - 1)
    }
  }

  /// The accounts that one set of tags is counted in.
  private struct Places {
    var tokens: [Place] = []
    var costs: [Place] = []
    var requests: [Place] = []
  }

  /// What each matching account has to give for this spend.
  mutating func demands(of spend: Spend, tags: TagSet, creating: Bool, now: Moment) -> Demands {
    if tags.marks.contains(.tokenType) {
      return demands(of: spend, tags: tags.removing(TagName.tokenType), creating: creating, now: now)
    }
    let route = creating ? callRoute(of: spend, tags: tags, now: now) : existingCallRoute(of: spend, tags: tags)
    guard route >= 0 else {
      let demands = demandsWithoutRoute(of: spend, tags: tags, now: now)
      // Where a route adds nothing to what is there, the next check of this kind may as well find one.
      if demands.isAllThere, isCallKnown(of: spend, tags: tags) { _ = callRoute(of: spend, tags: tags, now: now) }
      return demands
    }
    let totals = totals(of: spend, route: route)
    let parts = calls.parts(of: route)
    var demands = Demands(
      each: demandRoom.take() ?? Slab(), cost: totals.cost,
      isEstimated: calls[route].price < 0 && !spend.tokens.isEmpty, route: route)
    for (offset, target) in parts.pattern.targets.enumerated() {
      let account = Int(calls[route, parts.accounts + offset])
      turnIfDue(account, now: now)
      var demand = Demand(
        place: Place(account: account, budget: accounts[account].budget),
        amount: amount(for: target, of: spend, totals), limit: accounts[account].limit)
      demand.answer = answer(to: demand, now: now)
      if !demand.answer.isFarBelow { demands.areFarBelow = false }
      demands.each.append(demand)
    }
    return demands
  }

  /// Keeps the memory of demands that were answered, for the next ones.
  mutating func reuse(_ demands: consuming Demands) {
    var room = demands.each
    room.removeAll()
    demandRoom = consume room
  }

  /// What a spend comes to at the rates of its call.
  struct Totals {
    let sums: Spend.Sums
    let rates: TokenRates
    /// Of the tokens and what comes beside them.
    let cost: Quantity
  }

  /// What a spend comes to at the price of its route.
  mutating func totals(of spend: Spend, route: Int) -> Totals {
    let sums = spend.sums
    let rates = settings.prices.rates(at: Int(calls[route].price), promptTokens: sums.prompt)
    return Totals(sums: sums, rates: rates, cost: spend.cost(at: rates))
  }

  /// What one of the accounts of a call counts of its spend.
  @inline(__always)
  mutating func amount(for target: Int, of spend: Spend, _ totals: Totals) -> Quantity {
    switch calls.targets[target].whole {
    case .tokens: totals.sums.tokens
    case .cost: totals.cost
    case .requests: Quantity(spend.requests)
    case .none: sum(of: calls.targets[target].terms, of: spend, rates: totals.rates)
    }
  }

  @inline(never)
  private mutating func sum(of terms: Range<Int>, of spend: Spend, rates: TokenRates) -> Quantity {
    var sum: Quantity = 0
    for term in terms {
      let kind = Int(calls.terms[term].kind)
      let amount: Quantity =
        switch calls.terms[term].amount {
        case .requests: Quantity(spend.requests)
        case .cost: spend.cost
        case .tokens: Quantity(spend.tokens[kind].count)
        case .tokenCost: spend.tokens[kind].cost(at: rates)
        }
      sum = sum.saturatingAdd(amount)
    }
    return sum
  }

  /// The same without leaving a trace.
  private mutating func demandsWithoutRoute(of spend: Spend, tags: TagSet, now: Moment) -> Demands {
    let price = self.price(of: tags)
    let rates = price.price.rates(promptTokens: spend.promptTokens)
    var demands = Demands(
      each: demandRoom.take() ?? Slab(), cost: spend.cost(at: rates),
      isEstimated: price.isEstimated && !spend.tokens.isEmpty)
    let call = places(of: tags, among: &demands, now: now)
    demands.add(call.tokens, 0)
    demands.add(call.costs, spend.cost)
    demands.add(call.requests, Quantity(spend.requests))
    for amount in spend.tokens {
      let typed = tellsKindsApart ? places(of: typedTags(tags, amount.kind), among: &demands, now: now) : call
      demands.add(typed.tokens, Quantity(amount.count))
      demands.add(typed.costs, amount.cost(at: rates))
    }
    for index in 0..<demands.each.count {
      let place = demands.each[index].place
      if place.account >= 0 { turnIfDue(place.account, now: now) }
      demands.each[index].limit =
        place.account >= 0 ? accounts[place.account].limit : budgetLimit(place.budget, now: now)
      demands.each[index].answer = answer(to: demands.each[index], now: now)
      if !demands.each[index].answer.isFarBelow { demands.areFarBelow = false }
    }
    return demands
  }

  private mutating func places(of tags: TagSet, among demands: inout Demands, now: Moment) -> Places {
    var places = Places()
    for (index, budget) in settings.budgets.enumerated() {
      guard let values = accountValues(of: index, tags: tags) else { continue }
      let place = self.place(budget: index, values: values, among: &demands, now: now)
      switch budget.unit {
      case .tokens: places.tokens.append(place)
      case .cost: places.costs.append(place)
      case .requests: places.requests.append(place)
      }
    }
    return places
  }

  private mutating func place(budget: Int, values: [String], among demands: inout Demands, now: Moment) -> Place {
    if let account = account(of: budget, values: values, now: now, creating: false) {
      return Place(account: account, budget: budget)
    }
    let others = values.map { _ in Self.overflowValue }
    guard accounts.count >= settings.bounds.maxAccounts, values != others else {
      return demands.absentPlace(budget: budget, rule: rules[budget], values: values)
    }
    demands.isAllThere = false
    return place(budget: budget, values: others, among: &demands, now: now)
  }

  func price(of tags: TagSet) -> PriceMatch {
    settings.prices.lookup(provider: tags[TagName.provider], model: tags[TagName.model] ?? "")
  }
}
