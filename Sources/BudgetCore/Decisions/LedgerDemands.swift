// What a request would take, and from which accounts. A check finds the same accounts as a reservation but
// makes none: an account that does not exist yet is judged as the empty one it would be.
extension Ledger {
  /// What a request takes from one account.
  struct Demand {
    var place: Place
    var amount: Quantity
    /// The account's effective limit; `nil` is unlimited.
    var limit: Quantity?
  }

  /// An account, or where one would be.
  struct Place: Hashable {
    /// -1 for one that does not exist yet.
    var account: Int
    var budget: Int
    /// The values of the budget's `per` tags; only of an account that does not exist yet.
    var values: [String] = []
  }

  /// The accounts that one set of tags is counted in.
  private struct Places {
    var tokens: [Place] = []
    var costs: [Place] = []
    var requests: [Place] = []
  }

  /// What each matching account has to give for this spend, and what its tokens and its extra cost come to.
  mutating func demands(of spend: Spend, tags: TagSet, creating: Bool, now: Moment)
    -> (demands: [Demand], cost: Quantity, isEstimated: Bool)
  {
    let base = tags.removing(TagName.tokenType)
    let route = creating ? callRoute(of: spend, tags: base, now: now) : existingCallRoute(of: spend, tags: base)
    guard route >= 0 else { return demandsWithoutRoute(of: spend, tags: base, now: now) }
    let price = Int(calls[route].price)
    let rates = settings.prices.rates(at: price, promptTokens: spend.promptTokens)
    var demands: [Demand] = []
    let parts = calls.parts(of: route)
    demands.reserveCapacity(parts.pattern.targets.count)
    for (offset, target) in parts.pattern.targets.enumerated() {
      let account = Int(calls.places[parts.accounts + offset])
      turnIfDue(account, now: now)
      demands.append(
        Demand(
          place: Place(account: account, budget: accounts[account].budget),
          amount: amount(for: target, of: spend, rates: rates), limit: accounts[account].limit))
    }
    return (demands, spend.cost(at: rates), price < 0 && !spend.tokens.isEmpty)
  }

  /// What one of the accounts of a call counts of its spend.
  @inline(__always)
  func amount(for target: Int, of spend: Spend, rates: TokenRates) -> Quantity {
    var sum: Quantity = 0
    for term in calls.targets[target].terms {
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
  private mutating func demandsWithoutRoute(of spend: Spend, tags: TagSet, now: Moment)
    -> (demands: [Demand], cost: Quantity, isEstimated: Bool)
  {
    var demands: [Demand] = []
    func add(_ places: [Place], _ amount: Quantity) {
      for place in places {
        if let index = demands.firstIndex(where: { $0.place == place }) {
          demands[index].amount = demands[index].amount.saturatingAdd(amount)
        } else {
          demands.append(Demand(place: place, amount: amount))
        }
      }
    }
    let call = placesWithoutRoute(of: tags, now: now)
    add(call.tokens, 0)
    add(call.costs, spend.cost)
    add(call.requests, Quantity(spend.requests))
    let price = self.price(of: tags)
    let rates = price.price.rates(promptTokens: spend.promptTokens)
    for amount in spend.tokens {
      let typed = placesWithoutRoute(of: tags.setting(TagName.tokenType, to: amount.kind.name), now: now)
      add(typed.tokens, Quantity(amount.count))
      add(typed.costs, amount.cost(at: rates))
    }
    for index in demands.indices {
      let place = demands[index].place
      if place.account >= 0 { turnIfDue(place.account, now: now) }
      demands[index].limit =
        place.account >= 0 ? accounts[place.account].limit : budgetLimit(place.budget, now: now)
    }
    return (demands, spend.cost(at: rates), price.isEstimated && !spend.tokens.isEmpty)
  }

  private mutating func placesWithoutRoute(of tags: TagSet, now: Moment) -> Places {
    var places = Places()
    for (index, budget) in settings.budgets.enumerated() {
      guard let values = accountValues(of: index, tags: tags) else { continue }
      let place = existingPlace(budget: index, values: values, now: now)
      switch budget.unit {
      case .tokens: places.tokens.append(place)
      case .cost: places.costs.append(place)
      case .requests: places.requests.append(place)
      }
    }
    return places
  }

  private mutating func existingPlace(budget: Int, values: [String], now: Moment) -> Place {
    if let account = account(of: budget, values: values, now: now, creating: false) {
      return Place(account: account, budget: budget)
    }
    let others = values.map { _ in Self.overflowValue }
    guard accounts.count >= settings.bounds.maxAccounts, values != others else {
      return Place(account: -1, budget: budget, values: values)
    }
    return existingPlace(budget: budget, values: others, now: now)
  }

  func price(of tags: TagSet) -> PriceMatch {
    settings.prices.lookup(provider: tags[TagName.provider], model: tags[TagName.model] ?? "")
  }
}
