import BudgetCore

// Decisions and reservations.
extension NaiveLedger {
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
  mutating func end(_ number: Int) {
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
}
