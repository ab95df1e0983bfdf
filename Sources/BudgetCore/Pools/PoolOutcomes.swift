/// What an agent asks of a pool.
package struct AllocationRequest: Sendable {
  package var pool: String
  package var agent: String
  package var task: String
  package var priority: Priority
  /// Never more than this; 0 is denied.
  package var cap: Quantity?
  /// `nil` is what the pool's configuration says.
  package var ttl: Interval?

  package init(
    pool: String, agent: String, task: String = "", priority: Priority = .normal, cap: Quantity? = nil,
    ttl: Interval? = nil
  ) {
    self.pool = pool
    self.agent = agent
    self.task = task
    self.priority = priority
    self.cap = cap
    self.ttl = ttl
  }
}

package enum AllocateOutcome: Sendable {
  case granted(AllocationReport)
  /// Nothing is free for this priority, or nothing was asked for (`demand` is 0).
  case denied(PoolReport, demand: Quantity)
  /// The agent, or the task, is stopped.
  case stopped(SubjectStop)
  case unknownPool
  /// As many allocations of the pool are open as the bounds allow.
  case tableFull
}

package enum UseOutcome: Sendable {
  case counted(AllocationReport)
  /// Counted, and past what was granted.
  case exceeded(AllocationReport)
  /// Counted, though the allocation was released or has expired.
  case closed(RecordReport)
  case unknown
}

package enum TopUpOutcome: Sendable {
  case toppedUp(PoolReport)
  case unknownPool
  case unknownAllocation
}
