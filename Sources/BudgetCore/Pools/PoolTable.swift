/// Every pool with its allocations, changed in single steps.
///
/// Pure, as the ledger that owns it: `now` and random secrets are arguments. Steps are O(1) but for deadlines and
/// windows that have passed, which take O(allocations) once.
package struct PoolTable: Sendable {
  /// Something that was told of an allocation since the last look.
  struct Told: Sendable {
    var signal: PoolSignal
    var pool: String
    var allocation: Allocation
  }

  package static let longestTTL = Interval.days(31)
  /// Keeps a pool's size far from where sums could overflow.
  package static let largestTopUp: Quantity = 1_000_000_000_000_000_000

  var states: [PoolState]
  var nextNumber: UInt64 = 1
  var told: [Told] = []
  let mostAllocations: Int

  init(pools: [Pool], mostAllocations: Int) {
    states = pools.map { PoolState(pool: $0) }
    self.mostAllocations = max(1, mostAllocations)
  }

  /// Ends allocations whose time is over, and turns windows that have ended.
  mutating func advance(now: Moment) {
    for index in states.indices {
      for number in states[index].overdue(at: now.steady) { _ = states[index].end(number, as: .expired, at: now) }
      if states[index].windowEnd == .distantPast {
        states[index].windowEnd = states[index].pool.windowEnd(at: now.wall)
      } else if now.wall >= states[index].windowEnd {
        states[index].turn(at: now)
        for number in states[index].open.keys.sorted() { settle(number, in: index) }
      }
    }
  }

  /// Follows a wall clock that was set, as accounts do.
  mutating func followStep(_ step: ClockWatch.Step, now: Moment) {
    advance(now: step.untouched)
    for index in states.indices { states[index].moveWindow(after: step, to: now) }
  }

  // MARK: Allocate, use, release

  mutating func allocate(_ request: AllocationRequest, secret: UInt64, now: Moment) -> AllocateOutcome {
    advance(now: now)
    guard let index = states.firstIndex(where: { $0.pool.name == request.pool }) else { return .unknownPool }
    guard states[index].open.count < mostAllocations else { return .tableFull }
    let pool = states[index].pool
    let demand = min(request.priority.demand(ofPool: states[index].total), max(0, request.cap ?? .max))
    let granted = min(demand, states[index].available(for: request.priority))
    guard granted > 0 else {
      states[index].tally.countDenied(request.priority)
      return .denied(report(index, now: now), demand: demand)
    }
    let ttl = (request.ttl ?? pool.allocationTTL).map { min(max($0, .milliseconds(1)), Self.longestTTL) }
    let allocation = Allocation(
      id: AllocationID(number: nextNumber, secret: secret), agent: request.agent, task: request.task,
      priority: request.priority, granted: granted, lookup: PoolState.lookup(of: granted, in: pool), since: now.wall,
      deadline: ttl.map { now.steady + $0 })
    nextNumber &+= 1
    states[index].insert(allocation)
    states[index].tally.count(.granted)
    return .granted(AllocationReport(allocation, pool: pool, now: now))
  }

  /// Counts use against an allocation, whatever it leads to.
  mutating func use(_ id: AllocationID, _ usage: AllocationUsage, now: Moment) -> UseOutcome {
    advance(now: now)
    guard let index = place(of: id) else {
      guard let index = placeInHistory(of: id), let record = states[index].useLate(id.number, usage) else {
        return .unknown
      }
      return .closed(RecordReport(record, pool: states[index].pool, now: now))
    }
    states[index].use(id.number, usage)
    settle(id.number, in: index)
    guard let allocation = states[index].open[id.number] else { return .unknown }
    let report = AllocationReport(allocation, pool: states[index].pool, now: now)
    guard allocation.isExceeded(in: states[index].pool) else { return .counted(report) }
    states[index].tally.count(.exceeded)
    return .exceeded(report)
  }

  /// Gives an allocation back. A second time answers the same record.
  mutating func release(_ id: AllocationID, now: Moment) -> RecordReport? {
    advance(now: now)
    if let index = place(of: id), let record = states[index].end(id.number, as: .released, at: now) {
      return RecordReport(record, pool: states[index].pool, now: now)
    }
    return record(of: id, now: now)
  }

  /// Adds tokens to a pool, or to one of its allocations, until the pool's window turns.
  /// - Parameter allocation: the public number of an allocation.
  mutating func topUp(_ name: String, tokens: Quantity, allocation: UInt64?, now: Moment) -> TopUpOutcome {
    advance(now: now)
    guard let index = states.firstIndex(where: { $0.pool.name == name }) else { return .unknownPool }
    let tokens = min(max(0, tokens), max(0, Self.largestTopUp - states[index].extra))
    if let allocation {
      guard states[index].open[allocation] != nil else { return .unknownAllocation }
      states[index].grow(allocation, by: tokens)
      settle(allocation, in: index)
    } else {
      states[index].extra += tokens
    }
    states[index].tally.count(.toppedUp)
    return .toppedUp(report(index, now: now))
  }

  // MARK: Reads

  mutating func reports(now: Moment) -> [PoolReport] {
    advance(now: now)
    return states.indices.map { report($0, now: now) }
  }

  mutating func report(of id: AllocationID, now: Moment) -> AllocationReport? {
    advance(now: now)
    guard let index = place(of: id), let allocation = states[index].open[id.number] else { return nil }
    return AllocationReport(allocation, pool: states[index].pool, now: now)
  }

  func record(of id: AllocationID, now: Moment) -> RecordReport? {
    guard let index = placeInHistory(of: id),
      let record = states[index].history.first(where: { $0.allocation.id == id })
    else { return nil }
    return RecordReport(record, pool: states[index].pool, now: now)
  }

  private func report(_ index: Int, now: Moment) -> PoolReport { PoolReport(states[index], now: now) }

  private func place(of id: AllocationID) -> Int? { states.firstIndex { $0.open[id.number]?.id == id } }

  private func placeInHistory(of id: AllocationID) -> Int? {
    states.firstIndex { $0.history.contains { $0.allocation.id == id } }
  }

  /// Tells of every threshold that use has just passed, or fallen below.
  private mutating func settle(_ number: UInt64, in index: Int) {
    guard let allocation = states[index].open[number] else { return }
    let level = allocation.reachedLevel(in: states[index].pool)
    guard level != allocation.level else { return }
    states[index].setLevel(level, of: number)
    for step in Allocation.Level.allCases where step > allocation.level && step <= level {
      tell(step == .warned ? .warn : .stop, number, in: index)
    }
    if allocation.level == .stopped { tell(.resume, number, in: index) }
  }

  private mutating func tell(_ signal: PoolSignal, _ number: UInt64, in index: Int) {
    guard let allocation = states[index].open[number] else { return }
    switch signal {
    case .warn: states[index].tally.count(.warn)
    case .stop: states[index].tally.count(.stop)
    case .resume: states[index].tally.count(.resume)
    }
    told.append(Told(signal: signal, pool: states[index].pool.name, allocation: allocation))
  }
}
