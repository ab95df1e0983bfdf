import BudgetCore

// What operators change.
extension NaiveLedger {
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
