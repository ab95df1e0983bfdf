// The ledger's pools: their steps, and what they tell.
extension Ledger {
  package mutating func allocate(_ request: AllocationRequest, secret: UInt64, now: Moment) -> AllocateOutcome {
    let subjects = [Tag(key: TagName.agent, value: request.agent), Tag(key: "task", value: request.task)]
    if let stop = stop(of: TagSet(subjects)) {
      counters.stoppedDenials += 1
      return .stopped(stop)
    }
    defer { tellPools(now: now) }
    return pools.allocate(request, secret: secret, now: now)
  }

  /// Counts use against an allocation. It charges no budget: usage lines do.
  package mutating func useAllocation(_ id: AllocationID, _ usage: AllocationUsage, now: Moment) -> UseOutcome {
    defer { tellPools(now: now) }
    return pools.use(id, usage, now: now)
  }

  /// The final record; `nil` for an id that is not (or no longer) known.
  package mutating func releaseAllocation(_ id: AllocationID, now: Moment) -> RecordReport? {
    defer { tellPools(now: now) }
    return pools.release(id, now: now)
  }

  package mutating func topUpPool(_ name: String, tokens: Quantity, allocation: UInt64?, now: Moment) -> TopUpOutcome {
    defer { tellPools(now: now) }
    return pools.topUp(name, tokens: tokens, allocation: allocation, now: now)
  }

  package mutating func poolReports(now: Moment) -> [PoolReport] {
    defer { tellPools(now: now) }
    return pools.reports(now: now)
  }

  package mutating func allocationReport(_ id: AllocationID, now: Moment) -> AllocationReport? {
    defer { tellPools(now: now) }
    return pools.report(of: id, now: now)
  }

  mutating func maintainPools(now: Moment) {
    pools.advance(now: now)
    tellPools(now: now)
  }

  /// Counts tokens that name an allocation; what they are for is their type, when it says so.
  mutating func useAllocation(namedBy tags: TagSet, tokens: Int64, kind: String?, now: Moment) {
    guard let text = tags[TagName.allocation], let id = AllocationID(text: text) else { return }
    let count = Quantity(tokens)
    let usage =
      switch kind {
      case "lookup": AllocationUsage(lookup: count)
      case TokenKind.reasoning.name: AllocationUsage(reasoning: count)
      default: AllocationUsage(untyped: count)
      }
    _ = useAllocation(id, usage, now: now)
  }

  private mutating func tellPools(now: Moment) {
    guard !pools.told.isEmpty else { return }
    for told in pools.told {
      let allocation = told.allocation
      var tags = [Tag(key: TagName.agent, value: allocation.agent)]
      if !allocation.task.isEmpty { tags.append(Tag(key: "task", value: allocation.task)) }
      tags.append(Tag(key: TagName.allocation, value: "\(allocation.id.number)"))
      var event = BudgetEvent(
        kind: told.signal.kind, budget: told.pool, unit: .tokens, tags: tags, used: allocation.used.total,
        limit: allocation.granted, at: now.wall)
      event.signal = told.signal
      post(.budget(event))
    }
    pools.told.removeAll(keepingCapacity: true)
  }
}
