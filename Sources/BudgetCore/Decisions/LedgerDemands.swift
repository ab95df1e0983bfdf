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
    var tokenCosts: [Place] = []
    var callCosts: [Place] = []
    var requests: [Place] = []
  }

  /// What each matching account has to give for this spend, and what its tokens and its extra cost come to.
  mutating func demands(of spend: Spend, tags: TagSet, creating: Bool, now: Moment)
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
    let base = tags.removing(TagName.tokenType)
    let call = places(of: base, creating: creating, now: now)
    add(call.tokens, 0)
    add(call.callCosts, spend.cost)
    add(call.requests, Quantity(spend.requests))

    let price = self.price(of: base)
    let rates = price.price.rates(promptTokens: spend.promptTokens)
    var cost = spend.cost
    for amount in spend.tokens {
      let ownCost = Spend.cost(of: amount.count, rate: rates.rate(for: amount.kind))
      cost = cost.saturatingAdd(ownCost)
      let typed = places(
        of: base.setting(TagName.tokenType, to: amount.kind.name), creating: creating, now: now)
      add(typed.tokens, Quantity(amount.count))
      add(typed.tokenCosts, ownCost)
    }
    for index in demands.indices {
      let place = demands[index].place
      if place.account >= 0 { turnIfDue(place.account, now: now) }
      demands[index].limit =
        place.account >= 0 ? accounts[place.account].limit : budgetLimit(place.budget, now: now)
    }
    return (demands, cost, price.isEstimated && !spend.tokens.isEmpty)
  }

  private mutating func places(of tags: TagSet, creating: Bool, now: Moment) -> Places {
    let known = creating ? route(of: tags, now: now) : existingRoute(of: tags)
    guard known >= 0 else { return placesWithoutRoute(of: tags, now: now) }
    let route = routes[known]
    var target = Int(route.firstAccount)
    func next(_ count: UInt16) -> [Place] {
      defer { target += Int(count) }
      return (target..<(target + Int(count))).map {
        let account = Int(routes.targets[$0])
        return Place(account: account, budget: accounts[account].budget)
      }
    }
    return Places(
      tokens: next(route.tokenAccounts), tokenCosts: next(route.costAccounts),
      callCosts: next(route.callCostAccounts), requests: next(route.requestAccounts))
  }

  /// The same without leaving a trace.
  private mutating func placesWithoutRoute(of tags: TagSet, now: Moment) -> Places {
    var places = Places()
    for (index, budget) in settings.budgets.enumerated() {
      guard let values = accountValues(of: index, tags: tags) else { continue }
      let place = existingPlace(budget: index, values: values, now: now)
      switch budget.unit {
      case .tokens: places.tokens.append(place)
      case .cost:
        places.tokenCosts.append(place)
        places.callCosts.append(place)
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
