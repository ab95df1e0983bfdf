/// One pool as it is stored, with its allocations and those that it remembers.
package struct SavedPool: Hashable, Sendable {
  package struct Held: Hashable, Sendable {
    package var id: AllocationID
    package var agent: String
    package var task: String
    package var priority: Priority
    package var granted: Quantity
    package var lookup: Quantity
    package var used: AllocationUsage
    package var level: Allocation.Level
    /// On the wall clock.
    package var since: Instant
    /// On the steady clock.
    package var deadline: Instant?

    package init(
      id: AllocationID, agent: String, task: String, priority: Priority, granted: Quantity, lookup: Quantity,
      used: AllocationUsage, level: Allocation.Level, since: Instant, deadline: Instant?
    ) {
      self.id = id
      self.agent = agent
      self.task = task
      self.priority = priority
      self.granted = granted
      self.lookup = lookup
      self.used = used
      self.level = level
      self.since = since
      self.deadline = deadline
    }
  }

  package struct Ended: Hashable, Sendable {
    package var held: Held
    package var ending: AllocationRecord.Ending
    package var endedAt: Instant

    package init(held: Held, ending: AllocationRecord.Ending, endedAt: Instant) {
      self.held = held
      self.ending = ending
      self.endedAt = endedAt
    }
  }

  package var name: String
  package var extra: Quantity = 0
  package var windowEnd = Instant.distantPast
  /// One for each `Priority`.
  package var spent: [Quantity] = []
  package var used = AllocationUsage()
  /// One for each `PoolTally.Event`.
  package var events: [Int64] = []
  /// One for each `Priority`.
  package var denied: [Int64] = []
  package var historyCount: Int64 = 0
  package var open: [Held] = []
  package var history: [Ended] = []

  package init(name: String) { self.name = name }
}

extension SavedPool {
  init(_ state: PoolState) {
    name = state.pool.name
    extra = state.extra
    windowEnd = state.windowEnd
    spent = state.spent
    used = state.tally.used
    events = state.tally.events
    denied = state.tally.denied
    historyCount = state.historyCount
    open = state.open.values.sorted { $0.id.number < $1.id.number }.map { Held($0) }
    history = state.history.map { Ended(held: Held($0.allocation), ending: $0.ending, endedAt: $0.endedAt) }
  }
}

extension SavedPool.Held {
  init(_ allocation: Allocation) {
    self.init(
      id: allocation.id, agent: allocation.agent, task: allocation.task, priority: allocation.priority,
      granted: allocation.granted, lookup: allocation.lookup, used: allocation.used, level: allocation.level,
      since: allocation.since, deadline: allocation.deadline)
  }
}

extension LedgerCapture {
  /// Every pool, and the number that the next allocation gets.
  package var savedPools: (nextNumber: UInt64, pools: [SavedPool]) {
    (pools.nextNumber, pools.states.map { SavedPool($0) })
  }
}
