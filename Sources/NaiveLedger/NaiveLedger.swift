import BudgetCore

/// The rules of budgets and reservations once more, as lists that are searched: slow and plain.
///
/// It shares no arithmetic with the core. Times are nanoseconds since the epoch on one clock.
struct NaiveLedger {
  typealias Key = NaiveAccount.Key

  enum State { case held, settled, released, expired }

  struct Hold {
    var state = State.held
    var deadline: Int64
    var amounts: [Key: Quantity]
    var tags: TagSet
    var spend: Spend
  }

  struct Answer {
    var verdict: Verdict
    var granted: Spend
    /// The reservation's number, when it was granted.
    var number: Int?
  }

  let budgets: [NaiveBudget]
  private(set) var accounts: [Key: NaiveAccount] = [:]
  private(set) var holds: [Hold] = []
  private var overrides: [Int: NaiveAccount.Term] = [:]
  private(set) var stopped: Set<Tag> = []
  /// All that was ever used, by budget, of accounts that were forgotten.
  private var forgotten: [Int: Quantity] = [:]

  init(_ budgets: [NaiveBudget]) { self.budgets = budgets }

  // MARK: Reads

  func limit(_ key: Key, now: Int64) -> Quantity? {
    let account = accounts[key] ?? NaiveAccount(budgets[key.budget], now: now)
    return account.limit(at: now, budgetOverride: overrides[key.budget])
  }

  func usedTotal(budget: Int) -> Quantity {
    accounts.reduce(forgotten[budget] ?? 0) { sum, entry in
      guard entry.key.budget == budget else { return sum }
      return entry.value.charges.reduce(sum) { $0 + $1.amount }
    }
  }

  // MARK: What a spend takes

  private func keys(_ unit: BudgetUnit, _ tags: TagSet) -> [Key] {
    budgets.indices.compactMap { index in
      guard budgets[index].rule.unit == unit else { return nil }
      // What a budget counts, the one above it counts too.
      let values = budgets[index].account(of: tags) ?? accountFromBelow(index, tags)
      return values.map { Key(budget: index, values: $0) }
    }
  }

  private func accountFromBelow(_ index: Int, _ tags: TagSet) -> [String]? {
    let rule = budgets[index].rule
    let hasChild = budgets.contains {
      $0.rule.parent == rule.name && $0.rule.unit == rule.unit && $0.account(of: tags) != nil
    }
    return hasChild ? rule.per.compactMap { tags[$0] } : nil
  }

  /// What is added to each account, one entry for each thing that is counted. A line does not know the whole prompt
  /// of its call: no price step counts for it.
  private func charges(_ spend: Spend, _ tags: TagSet, isLine: Bool = false) -> [(key: Key, amount: Quantity)] {
    let prompt = isLine ? 0 : spend.tokens.reduce(0) { $1.kind == .output ? $0 : $0 + $1.count }
    var charges: [(Key, Quantity)] = []
    func add(_ unit: BudgetUnit, _ tags: TagSet, _ amount: Quantity) {
      charges += keys(unit, tags).map { ($0, amount) }
    }
    for part in spend.tokens {
      let typed = tags.setting("token_type", to: part.kind.name)
      add(.tokens, typed, Quantity(part.count))
      add(.cost, typed, Quantity(part.count) * NaivePrices.rate(tags["model"] ?? "", part.kind, prompt: prompt))
    }
    if spend.requests > 0 { add(.requests, tags, Quantity(spend.requests)) }
    if spend.cost > 0 { add(.cost, tags, spend.cost) }
    return charges
  }

  /// What each account has to give: those that would give nothing are asked too.
  private func demands(_ spend: Spend, _ tags: TagSet) -> [Key: Quantity] {
    var demands: [Key: Quantity] = [:]
    for unit in BudgetUnit.allCases {
      for key in keys(unit, tags) { demands[key] = 0 }
    }
    for charge in charges(spend, tags) { demands[charge.key, default: 0] += charge.amount }
    return demands
  }

  // MARK: Time

  /// Ends what has come to its end by `now`, each thing at its own time.
  mutating func advance(to now: Int64) {
    let ended = holds.indices.filter { holds[$0].state == .held && holds[$0].deadline <= now }
    for number in ended.sorted(by: { holds[$0].deadline < holds[$1].deadline }) {
      let hold = holds[number]
      holds[number].state = .expired
      for (key, amount) in hold.amounts where amount > 0 {
        accounts[key]!.reserved -= amount
        guard budgets[key.budget].rule.onExpiry == .charge else { continue }
        look(key, now: hold.deadline)
        accounts[key]!.charge(amount, at: hold.deadline, reservation: number)
      }
    }
    for key in accounts.keys { look(key, now: now) }
  }

  private mutating func look(_ key: Key, now: Int64) {
    accounts[key]?.advance(to: now, budgetOverride: overrides[key.budget])
  }

  private mutating func open(_ key: Key, now: Int64) {
    if accounts[key] == nil { accounts[key] = NaiveAccount(budgets[key.budget], now: now) }
  }

  mutating func maintain(now: Int64) {
    for (key, account) in accounts where account.isForgettable(at: now) {
      forgotten[key.budget, default: 0] += account.charges.reduce(0) { $0 + $1.amount }
      accounts[key] = nil
    }
  }

  // MARK: Usage

  /// - Parameters:
  ///   - number: a reservation that this is the real use of.
  ///   - past: when it happened, if that is not now.
  mutating func record(
    _ spend: Spend, _ tags: TagSet, ending number: Int? = nil, isLine: Bool = false, past: Int64? = nil, now: Int64
  ) {
    if let number { end(number) }
    // A line names the account of its budget before it is known whether it adds anything.
    for key in demands(spend, tags).keys { open(key, now: now) }
    for charge in charges(spend, tags, isLine: isLine) {
      look(charge.key, now: now)
      if let past {
        accounts[charge.key]!.charge(charge.amount, told: now, of: past)
      } else {
        accounts[charge.key]!.charge(charge.amount, at: now)
      }
    }
  }

  // MARK: Reservations

  mutating func reserve(_ spend: Spend, _ tags: TagSet, partial: Bool, ttl: Int64?, now: Int64) -> Answer {
    var granted = spend
    if partial, !isGranted(demands(spend, tags), now: now), let output = fittingOutput(spend, tags, now: now) {
      granted = spend.settingOutput(output)
    }
    let amounts = demands(granted, tags)
    var verdict = tags.tags.contains(where: stopped.contains) ? Verdict.deny : .allow
    for (key, amount) in amounts { verdict = max(verdict, self.verdict(key, amount, now: now)) }
    for key in amounts.keys { open(key, now: now) }
    guard verdict != .deny else { return Answer(verdict: verdict, granted: granted) }
    for (key, amount) in amounts { accounts[key]!.reserved += amount }
    let shortest = amounts.keys.map { budgets[$0.budget].rule.reservationTTL.nanoseconds }.min()
    let length = ttl ?? shortest ?? 600_000_000_000
    holds.append(Hold(deadline: now + length, amounts: amounts, tags: tags, spend: granted))
    return Answer(verdict: verdict, granted: granted, number: holds.count - 1)
  }

  /// The most output that fits: what each account has left over the rest of the request, divided by what one token of
  /// output takes from it.
  private func fittingOutput(_ spend: Spend, _ tags: TagSet, now: Int64) -> Int64? {
    guard let asked = spend.outputTokens, asked > 0 else { return nil }
    let rest = demands(spend.settingOutput(0), tags)
    let one = demands(spend.settingOutput(1), tags)
    var most = Quantity(asked)
    for (key, amount) in rest where budgets[key.budget].rule.mode == .enforce {
      guard let limit = limit(key, now: now) else { continue }
      let left = limit - total(key, amount, now: now)
      if limit == 0 || left < 0 { return nil }
      if one[key]! > amount { most = min(most, left / (one[key]! - amount)) }
    }
    return most > 0 ? Int64(most) : nil
  }

  private func isGranted(_ demands: [Key: Quantity], now: Int64) -> Bool {
    demands.allSatisfy { verdict($0.key, $0.value, now: now) != .deny }
  }

  /// What is used and held on an account, and would be with so much more.
  private func total(_ key: Key, _ amount: Quantity, now: Int64) -> Quantity {
    (accounts[key].map { $0.used(at: now) + $0.reserved } ?? 0) + amount
  }

  func fits(_ key: Key, _ amount: Quantity, now: Int64) -> Bool {
    guard let limit = limit(key, now: now) else { return true }
    return limit > 0 && total(key, amount, now: now) <= limit
  }

  private func verdict(_ key: Key, _ amount: Quantity, now: Int64) -> Verdict {
    let budget = budgets[key.budget]
    guard budget.rule.mode != .shadow, let limit = limit(key, now: now) else { return .allow }
    if !fits(key, amount, now: now) { return budget.rule.mode == .enforce ? .deny : .warn }
    return budget.warns(total(key, amount, now: now), of: limit) ? .warn : .allow
  }

  mutating func settle(_ number: Int, _ actual: Spend?, now: Int64) {
    guard holds[number].state != .settled else { return }
    record(actual ?? holds[number].spend, holds[number].tags, ending: number, now: now)
  }

  mutating func release(_ number: Int) {
    guard holds[number].state == .held else { return }
    for (key, amount) in holds[number].amounts { accounts[key]?.reserved -= amount }
    holds[number].state = .released
  }

  /// Lets go of a hold, or takes back what its expiry charged.
  private mutating func end(_ number: Int) {
    release(number)
    if holds[number].state == .expired {
      for key in holds[number].amounts.keys { accounts[key]?.charges.removeAll { $0.reservation == number } }
    }
    holds[number].state = .settled
  }

  /// Whether nothing but use and holds decides what an account answers later.
  func hasLastingLimit(_ key: Key) -> Bool {
    accounts[key]?.hasLastingLimit(budgetOverride: overrides[key.budget]) ?? false
  }

  // MARK: Operators

  mutating func stop(_ subject: Tag) { stopped.insert(subject) }

  mutating func resume(_ subject: Tag) { stopped.remove(subject) }

  /// - Parameter key: `nil` is every account of the budget.
  mutating func override(_ term: NaiveAccount.Term?, budget: Int, values: [String]?, now: Int64) {
    guard let values else {
      overrides[budget] = term
      return
    }
    let key = Key(budget: budget, values: values)
    if term != nil { open(key, now: now) }
    accounts[key]?.override = term
  }

  mutating func topUp(_ key: Key, _ amount: Quantity, until: Int64?, now: Int64) {
    open(key, now: now)
    guard limit(key, now: now) != nil, accounts[key]!.topUps.count < 64 else { return }
    var end = until
    if end == nil {
      end =
        if case .rolling(let length) = budgets[key.budget].rule.window {
          now + length.nanoseconds
        } else {
          budgets[key.budget].period(at: now)?.end
        }
    }
    accounts[key]!.topUps.append(NaiveAccount.Term(amount: amount, until: end))
  }

  mutating func reset(budget: Int) {
    for key in accounts.keys where key.budget == budget {
      for index in accounts[key]!.charges.indices { accounts[key]!.charges[index].isCleared = true }
    }
  }
}
