// Pools are found by name. Allocations keep their ids, their use and what is left of their time.
extension LedgerRestorer {
  package mutating func setNextAllocation(_ number: UInt64) {
    ledger.pools.nextNumber = max(ledger.pools.nextNumber, number)
  }

  package mutating func add(_ saved: SavedPool) throws(InconsistentState) {
    let amounts = saved.spent + [saved.extra, saved.used.lookup, saved.used.reasoning, saved.used.untyped]
    guard amounts.allSatisfy({ $0 >= 0 && StoredBounds.isValid($0) }),
      (saved.events + saved.denied + [saved.historyCount]).allSatisfy({ $0 >= 0 })
    else { throw InconsistentState("a number of pool \(saved.name) is out of bounds") }
    for held in saved.open + saved.history.map(\.held) { try check(held, in: saved.name) }
    guard let index = ledger.pools.states.firstIndex(where: { $0.pool.name == saved.name }) else {
      return warn(.poolGone(name: saved.name))
    }
    guard ledger.pools.states[index].windowEnd == .distantPast else {
      throw InconsistentState("pool \(saved.name) appears twice")
    }
    ledger.pools.states[index] = try state(of: saved, pool: ledger.pools.states[index].pool)
  }

  private mutating func state(of saved: SavedPool, pool: Pool) throws(InconsistentState) -> PoolState {
    var state = PoolState(pool: pool)
    state.extra = min(saved.extra, PoolTable.largestTopUp)
    // Another window never renews what was spent in the old one.
    state.windowEnd = min(saved.windowEnd, pool.windowEnd(at: clock.now.wall))
    if pool.window != nil {
      for (priority, amount) in saved.spent.prefix(state.spent.count).enumerated() { state.spent[priority] = amount }
    }
    for (event, count) in saved.events.prefix(state.tally.events.count).enumerated() {
      state.tally.events[event] = count
    }
    for (priority, count) in saved.denied.prefix(state.tally.denied.count).enumerated() {
      state.tally.denied[priority] = count
    }
    state.tally.used = saved.used
    state.historyCount = saved.historyCount
    for held in saved.open {
      guard state.open[held.id.number] == nil else { throw InconsistentState("allocation \(held.id.number) is twice") }
      setNextAllocation(held.id.number &+ 1)
      var allocation = Allocation(held, clock: clock)
      // What the configuration of now makes of its use; a crossing that was told before is not told again.
      allocation.level = allocation.reachedLevel(in: pool)
      state.insert(allocation)
    }
    for ended in saved.history.suffix(PoolState.longestHistory) {
      state.remember(
        AllocationRecord(
          allocation: Allocation(ended.held, clock: clock), ending: ended.ending, endedAt: ended.endedAt))
    }
    return state
  }

  private func check(_ held: SavedPool.Held, in pool: String) throws(InconsistentState) {
    let amounts = [held.granted, held.lookup, held.used.lookup, held.used.reasoning, held.used.untyped]
    guard amounts.allSatisfy({ $0 >= 0 && $0 < StoredBounds.allocation }), held.lookup <= held.granted else {
      throw InconsistentState("an allocation of pool \(pool) is out of bounds")
    }
  }
}

extension Allocation {
  init(_ held: SavedPool.Held, clock: ResumedClock) {
    let deadline = held.deadline.map { min(clock.steady($0), clock.now.steady + PoolTable.longestTTL) }
    self.init(
      id: held.id, agent: held.agent, task: held.task, priority: held.priority, granted: held.granted,
      lookup: held.lookup, used: held.used, level: held.level, since: held.since, deadline: deadline)
  }
}
