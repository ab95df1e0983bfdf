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
  var accounts: [Key: NaiveAccount] = [:]
  var holds: [Hold] = []
  var overrides: [Int: NaiveAccount.Term] = [:]
  var stopped: Set<Tag> = []
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
  func charges(_ spend: Spend, _ tags: TagSet, isLine: Bool = false) -> [(key: Key, amount: Quantity)] {
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
  func demands(_ spend: Spend, _ tags: TagSet) -> [Key: Quantity] {
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

  mutating func look(_ key: Key, now: Int64) {
    accounts[key]?.advance(to: now, budgetOverride: overrides[key.budget])
  }

  mutating func open(_ key: Key, now: Int64) {
    if accounts[key] == nil { accounts[key] = NaiveAccount(budgets[key.budget], now: now) }
  }

  mutating func maintain(now: Int64) {
    for (key, account) in accounts where account.isForgettable(at: now, budgetOverride: overrides[key.budget]) {
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
}
