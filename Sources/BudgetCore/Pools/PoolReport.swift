/// How a pool stands at one moment.
package struct PoolReport: Sendable {
  package let pool: Pool
  package let total: Quantity
  /// What CRITICAL work could be granted.
  package let available: Quantity
  /// What other work could be granted.
  package let availableBelowCritical: Quantity
  /// What open allocations were granted, one for each `Priority`.
  package let allocated: [Quantity]
  /// What ended allocations used in this window.
  package let spent: Quantity
  /// What open allocations really used.
  package let used: AllocationUsage
  /// In the order of their numbers.
  package let allocations: [AllocationReport]
  package let historyCount: Int64
  package let tally: PoolTally
  package let resetsAt: Instant?
  /// When something comes back by itself, at the latest: a deadline or the window's end.
  package let nextReturn: Interval?

  init(_ state: PoolState, now: Moment) {
    pool = state.pool
    total = state.total
    available = state.available(for: .critical)
    availableBelowCritical = state.available(for: .normal)
    allocated = state.allocated
    spent = state.spentTotal
    var used = AllocationUsage()
    for allocation in state.open.values { used += allocation.used }
    self.used = used
    allocations = state.open.values.sorted { $0.id.number < $1.id.number }
      .map { AllocationReport($0, pool: state.pool, now: now) }
    historyCount = state.historyCount
    tally = state.tally
    resetsAt = state.windowEnd == .distantFuture ? nil : state.windowEnd
    let deadline = state.open.values.compactMap(\.deadline).min().map { $0 - now.steady }
    let turn = state.spentTotal > 0 ? resetsAt.map { $0 - now.wall } : nil
    nextReturn = [deadline, turn].compactMap { $0 }.min()
  }

  package var allocatedTotal: Quantity { allocated.reduce(0, +) }
  package var activeAgents: Int { Set(allocations.map(\.allocation.agent)).count }
  /// The share of the pool that is held, for display only.
  package var utilisation: Double { total > 0 ? Double(allocatedTotal + spent) / Double(total) : 0 }

  package func available(for priority: Priority) -> Quantity {
    priority == .critical ? available : availableBelowCritical
  }
}

/// How an open allocation stands at one moment.
package struct AllocationReport: Sendable {
  package let allocation: Allocation
  package let pool: Pool
  /// On the wall clock.
  package let expiresAt: Instant?

  init(_ allocation: Allocation, pool: Pool, now: Moment) {
    self.allocation = allocation
    self.pool = pool
    expiresAt = allocation.deadline.map { now.wall + ($0 - now.steady) }
  }
}

/// The final record of an allocation that is over.
package struct RecordReport: Sendable {
  package let record: AllocationRecord
  package let allocation: AllocationReport

  init(_ record: AllocationRecord, pool: Pool, now: Moment) {
    self.record = record
    allocation = AllocationReport(record.allocation, pool: pool, now: now)
  }
}
