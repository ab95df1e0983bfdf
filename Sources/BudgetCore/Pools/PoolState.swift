/// One pool as it stands: what is allocated, what is spent, what is free.
///
/// `held + available == total` at any time, where `held` is what open allocations were granted and what ended ones
/// spent; and what work below CRITICAL holds never reaches into the reserve.
struct PoolState: Sendable {
  /// Ended allocations that are remembered.
  static let longestHistory = 100

  let pool: Pool
  /// What an operator added, until the window turns.
  var extra: Quantity = 0
  var windowEnd: Instant
  /// It came to this window when the wall clock was set.
  private var isWindowOfStep = false
  private(set) var open: [UInt64: Allocation] = [:]
  /// What open allocations were granted, one for each `Priority`.
  private(set) var allocated = [Quantity](repeating: 0, count: Priority.allCases.count)
  /// What ended ones used of a pool with a window, one for each `Priority`.
  var spent = [Quantity](repeating: 0, count: Priority.allCases.count)
  /// Oldest first.
  var history: [AllocationRecord] = []
  var historyCount: Int64 = 0
  var tally = PoolTally()
  private(set) var earliestDeadline = Instant.distantFuture

  /// The window of now begins at the first step, which knows what time it is.
  init(pool: Pool) {
    self.pool = pool
    windowEnd = .distantPast
  }

  var allocatedTotal: Quantity { allocated.reduce(0, +) }
  var spentTotal: Quantity { spent.reduce(0, +) }

  private var held: Quantity { allocatedTotal + spentTotal }

  /// What work below CRITICAL holds.
  private var heldBelowCritical: Quantity {
    held - allocated[Int(Priority.critical.rawValue)] - spent[Int(Priority.critical.rawValue)]
  }

  /// The pool's size. What is held stays held when the pool shrinks (a top-up ends with its window, a configuration
  /// changes): the size follows as it comes back.
  var total: Quantity {
    let needed = max(held - pool.tokens, heldBelowCritical - (pool.tokens - pool.reserve))
    return pool.tokens + max(extra, needed, 0)
  }

  func available(for priority: Priority) -> Quantity {
    let free = total - held
    guard priority != .critical else { return free }
    return max(0, min(free, total - pool.reserve - heldBelowCritical))
  }

  // MARK: Changes

  mutating func insert(_ allocation: Allocation) {
    open[allocation.id.number] = allocation
    allocated[Int(allocation.priority.rawValue)] += allocation.granted
    if let deadline = allocation.deadline { earliestDeadline = min(earliestDeadline, deadline) }
  }

  /// Adds tokens to one allocation and to the pool, so that nobody else has less.
  mutating func grow(_ number: UInt64, by tokens: Quantity) {
    guard let allocation = open[number] else { return }
    extra += tokens
    let granted = allocation.granted + tokens
    open[number]?.granted = granted
    open[number]?.lookup = Self.lookup(of: granted, in: pool)
    allocated[Int(allocation.priority.rawValue)] += tokens
  }

  mutating func use(_ number: UInt64, _ usage: AllocationUsage) {
    open[number]?.used += usage
    tally.used += usage
  }

  mutating func setLevel(_ level: Allocation.Level, of number: UInt64) { open[number]?.level = level }

  /// Takes an allocation back and remembers how it ended.
  mutating func end(_ number: UInt64, as ending: AllocationRecord.Ending, at now: Moment) -> AllocationRecord? {
    guard let allocation = open.removeValue(forKey: number) else { return nil }
    let priority = Int(allocation.priority.rawValue)
    allocated[priority] -= allocation.granted
    // Use past the grant is counted in the tally and takes nothing from others.
    if pool.window != nil { spent[priority] += min(allocation.used.total, allocation.granted) }
    let record = AllocationRecord(allocation: allocation, ending: ending, endedAt: now.wall)
    remember(record)
    historyCount &+= 1
    tally.count(ending == .released ? .released : .expired)
    return record
  }

  mutating func remember(_ record: AllocationRecord) {
    if history.count >= Self.longestHistory { history.removeFirst() }
    history.append(record)
  }

  /// Use of an allocation that is over: nobody is stopped by it, and it is not lost.
  mutating func useLate(_ number: UInt64, _ usage: AllocationUsage) -> AllocationRecord? {
    guard let index = history.firstIndex(where: { $0.allocation.id.number == number }) else { return nil }
    history[index].allocation.used += usage
    tally.used += usage
    return history[index]
  }

  /// The allocations whose deadline has passed, in their order. O(1) when there is none.
  mutating func overdue(at now: Instant) -> [UInt64] {
    guard now >= earliestDeadline else { return [] }
    var due: [UInt64] = []
    earliestDeadline = .distantFuture
    for (number, allocation) in open {
      guard let deadline = allocation.deadline else { continue }
      if deadline <= now { due.append(number) } else { earliestDeadline = min(earliestDeadline, deadline) }
    }
    return due.sorted()
  }

  /// Begins the window of now: nothing is used or spent in it yet.
  mutating func turn(at now: Moment) {
    windowEnd = pool.windowEnd(at: now.wall)
    isWindowOfStep = false
    extra = 0
    spent = [Quantity](repeating: 0, count: Priority.allCases.count)
    for number in open.keys { open[number]?.used = AllocationUsage() }
    tally.count(.turned)
  }

  /// Puts the pool into the window of a wall clock that was set, with what is spent (`Ledger.followClock`).
  mutating func moveWindow(after step: ClockWatch.Step, to now: Moment) {
    let end = pool.windowEnd(at: now.wall)
    guard windowEnd != .distantPast, end != windowEnd else { return }
    let length = pool.windowEnd(at: windowEnd) - windowEnd
    if step.isShort(forWindowOf: length), !isWindowOfStep { return }
    windowEnd = end
    isWindowOfStep = true
  }

  static func lookup(of granted: Quantity, in pool: Pool) -> Quantity {
    granted.saturatingMultiply(Quantity(pool.lookupRatio.millionths)) / 1_000_000
  }
}
