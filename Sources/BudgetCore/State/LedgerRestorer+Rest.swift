// Scopes, tallies, counters and remembered ids.
extension LedgerRestorer {
  package mutating func add(_ saved: SavedScope) throws(InconsistentState) {
    guard let scope = ledger.settings.scopes.firstIndex(of: saved.scope) else {
      return warn(.scopeGone(name: saved.scope))
    }
    guard ledger.scopes.count < ledger.settings.bounds.maxScopeValues || saved.value == Ledger.overflowValue else {
      return warn(.scopeValuesDropped(scope: saved.scope))
    }
    let key = ScopeTable.key(scope: scope, value: saved.value)
    let hash = ByteHash.hash(key, seed: ledger.seed)
    guard ledger.scopes.find(key: key, hash: hash) < 0 else {
      throw InconsistentState("\(saved.scope) \(saved.value) appears twice")
    }
    let now = LookbackCounters.tick(at: clock.now.steady)
    let tickStart = Instant(nanoseconds: saved.counters.tick.saturatingMultiply(LookbackCounters.tickLength))
    let tick = min(LookbackCounters.tick(at: clock.steady(tickStart)), now)
    let counters = tick == saved.counters.tick ? saved.counters : saved.counters.moved(to: max(0, tick))
    _ = ledger.scopes.insert(key: key, hash: hash, counters: counters)
  }

  /// The tally of a budget that is no longer configured is passed over.
  package mutating func add(_ saved: SavedTally) throws(InconsistentState) {
    guard (saved.decisions + saved.events).allSatisfy({ $0 >= 0 }),
      saved.overshoot.allSatisfy({ $0 >= 0 && StoredBounds.isValid($0) })
    else { throw InconsistentState("a count of budget \(saved.budget) is out of bounds") }
    guard let budget = budgets[BudgetName(name: saved.budget, unit: saved.unit)] else { return }
    var tally = BudgetTally()
    for (index, count) in saved.decisions.enumerated() where index < tally.decisions.count {
      tally.decisions[index] = count
    }
    for (index, count) in saved.events.enumerated() where index < tally.events.count { tally.events[index] = count }
    for (index, amount) in saved.overshoot.enumerated() where index < tally.overshoot.count {
      tally.overshoot[index] = amount
    }
    ledger.tallies[budget] = tally
  }

  package mutating func setCounter(_ name: String, to value: Quantity) throws(InconsistentState) {
    guard value >= 0, StoredBounds.isValid(value) else {
      throw InconsistentState("the counter \(name) is out of bounds")
    }
    ledger.counters.set(name, to: value)
  }

  package mutating func setUnpricedModels(_ models: [String]) {
    ledger.unpricedModels = Array(models.prefix(Ledger.maximumUnpricedModels))
  }

  package mutating func set(_ saved: SavedDuplicates) {
    func keys(_ stored: [SavedDuplicates.Key]) -> Set<DuplicateFilter.Key> {
      Set(stored.lazy.map { DuplicateFilter.Key(high: $0.high, low: $0.low) })
    }
    ledger.duplicates = DuplicateFilter(
      capacity: ledger.settings.bounds.maxDuplicateIDs, seed: saved.seed, turned: saved.turned.map { clock.past($0) },
      young: keys(saved.young), old: keys(saved.old))
  }
}
