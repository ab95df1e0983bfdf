@testable import BudgetCore

/// The rules of accounts and reservations once more, as lists that are searched: slow and plain.
struct NaiveLedger {
  struct Key: Hashable {
    var budget: Int
    var values: [String]
  }

  struct Charge {
    var at: Int64
    var amount: Quantity
    /// How often the account's lifetime had ended before.
    var life: Int
    /// The reservation whose expiry made it.
    var reservation: Int?
  }

  struct Account {
    var charges: [Charge] = []
    var life = 0
    var lastUse: Int64
    var reserved: Quantity = 0
  }

  enum State { case held, settled, released, expired }

  struct Hold {
    var state = State.held
    var deadline: Int64
    var amounts: [Key: Quantity]
    var tags: TagSet
    var spend: Spend
  }

  let budgets: [Budget]
  private(set) var accounts: [Key: Account] = [:]
  private(set) var holds: [Hold] = []

  init(_ budgets: [Budget]) { self.budgets = budgets }

  // MARK: What is used

  func used(_ key: Key, now: Int64) -> Quantity {
    guard let account = accounts[key] else { return 0 }
    return account.charges.reduce(0) { counts($1, in: account, key, now: now) ? $0 + $1.amount : $0 }
  }

  private func counts(_ charge: Charge, in account: Account, _ key: Key, now: Int64) -> Bool {
    switch budgets[key.budget].window {
    case .rolling(let length):
      // Sixty buckets of a sixtieth, rounded up, and the one that fills.
      let width = (length.nanoseconds + 59) / 60
      return charge.at / width >= now / width - 60
    case .fixed(let length): return charge.at / length.nanoseconds == now / length.nanoseconds
    case .calendar: return true
    case .lifetime: return charge.life == account.life
    }
  }

  /// What a spend takes from each account that counts it.
  func amounts(_ spend: Spend, _ tags: TagSet) -> [Key: Quantity] {
    var amounts: [Key: Quantity] = [:]
    func add(_ unit: BudgetUnit, _ tags: TagSet, _ amount: Quantity) {
      for (index, budget) in budgets.enumerated() where budget.unit == unit {
        guard budget.match.allSatisfy({ tags[$0.key] == $0.glob }) else { continue }
        let values = budget.per.compactMap { tags[$0] }
        guard values.count == budget.per.count else { continue }
        amounts[Key(budget: index, values: values), default: 0] += amount
      }
    }
    for part in spend.tokens {
      let typed = tags.setting("token_type", to: part.kind.name)
      add(.tokens, typed, Quantity(part.count))
      add(.cost, typed, Quantity(part.count) * (part.kind == .output ? 15_000_000 : 5_000_000))
    }
    if spend.requests > 0 { add(.requests, tags, Quantity(spend.requests)) }
    return amounts
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
        guard budgets[key.budget].onExpiry == .charge else { continue }
        charge(key, amount, at: hold.deadline, reservation: number)
      }
    }
    for key in accounts.keys { endLife(key, now: now) }
  }

  private mutating func endLife(_ key: Key, now: Int64) {
    guard case .lifetime(let idle?) = budgets[key.budget].window, let account = accounts[key] else { return }
    if account.reserved == 0, account.lastUse + idle.nanoseconds <= now {
      accounts[key]!.life += 1
      accounts[key]!.lastUse = now
    }
  }

  private mutating func charge(_ key: Key, _ amount: Quantity, at time: Int64, reservation: Int? = nil) {
    open(key, now: time)
    endLife(key, now: time)
    let life = accounts[key]!.life
    accounts[key]!.charges.append(Charge(at: time, amount: amount, life: life, reservation: reservation))
    accounts[key]!.lastUse = time
  }

  private mutating func open(_ key: Key, now: Int64) {
    if accounts[key] == nil { accounts[key] = Account(lastUse: now) }
  }

  // MARK: Acts

  mutating func record(_ spend: Spend, _ tags: TagSet, now: Int64) {
    for (key, amount) in amounts(spend, tags) { charge(key, amount, at: now) }
  }

  /// The reservation's number; `nil` when it is denied.
  mutating func reserve(_ spend: Spend, _ tags: TagSet, ttl: Int64, now: Int64) -> Int? {
    let amounts = amounts(spend, tags)
    for (key, amount) in amounts {
      guard let limit = budgets[key.budget].limit else { continue }
      guard used(key, now: now) + (accounts[key]?.reserved ?? 0) + amount <= limit else { return nil }
    }
    for (key, amount) in amounts {
      open(key, now: now)
      accounts[key]!.reserved += amount
    }
    holds.append(Hold(deadline: now + ttl, amounts: amounts, tags: tags, spend: spend))
    return holds.count - 1
  }

  mutating func settle(_ number: Int, _ actual: Spend?, now: Int64) {
    let hold = holds[number]
    guard hold.state != .settled else { return }
    letGo(hold)
    for key in hold.amounts.keys {
      accounts[key]!.charges.removeAll { $0.reservation == number }
    }
    holds[number].state = .settled
    for (key, amount) in amounts(actual ?? hold.spend, hold.tags) { charge(key, amount, at: now) }
  }

  mutating func release(_ number: Int) {
    guard holds[number].state == .held else { return }
    letGo(holds[number])
    holds[number].state = .released
  }

  private mutating func letGo(_ hold: Hold) {
    guard hold.state == .held else { return }
    for (key, amount) in hold.amounts { accounts[key]!.reserved -= amount }
  }
}
