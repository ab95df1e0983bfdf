@testable import BudgetCore

func makeLedger(pool: Pool, maxAllocations: Int = 1000) -> Ledger {
  makeLedger {
    $0.pools = [pool]
    $0.bounds.maxAllocations = maxAllocations
  }
}

extension Pool {
  /// 128,000 tokens for ever, unless said otherwise.
  static func test(
    tokens: Quantity = 128_000, enforceSplit: Bool = false, reserve: Int64 = 0, window: WindowRule? = nil,
    ttl: Interval? = nil
  ) -> Pool {
    Pool(
      name: "p", tokens: tokens, enforceSplit: enforceSplit, reserveForCritical: Ratio(millionths: reserve),
      window: window, allocationTTL: ttl)
  }
}

/// What an answer to an allocation says, usable inside `#expect`.
enum Grant: Equatable {
  case granted(Quantity, lookup: Quantity, reasoning: Quantity)
  case denied(demand: Quantity)
  case unknownPool
  case tableFull
  case stopped
}

/// The same of an answer to use.
enum Answer: Equatable {
  case counted(used: Quantity)
  case exceeded(used: Quantity)
  case closed(used: Quantity)
  case unknown
}

extension Ledger {
  mutating func grant(
    _ priority: Priority, agent: String = "a", cap: Quantity? = nil, ttl: Interval? = nil, at now: Moment = after(0)
  ) -> (grant: Grant, id: AllocationID) {
    let request = AllocationRequest(pool: "p", agent: agent, task: "t", priority: priority, cap: cap, ttl: ttl)
    let nothing = AllocationID(number: 0, secret: 0)
    switch allocate(request, secret: 0xFACE, now: now) {
    case .granted(let report):
      let allocation = report.allocation
      return (
        .granted(allocation.granted, lookup: allocation.lookup, reasoning: allocation.reasoning), allocation.id
      )
    case .denied(_, let demand): return (.denied(demand: demand), nothing)
    case .unknownPool: return (.unknownPool, nothing)
    case .tableFull: return (.tableFull, nothing)
    case .stopped: return (.stopped, nothing)
    }
  }

  mutating func spend(
    _ id: AllocationID, _ untyped: Quantity = 0, lookup: Quantity = 0, reasoning: Quantity = 0,
    at now: Moment = after(0)
  ) -> Answer {
    switch useAllocation(id, AllocationUsage(lookup: lookup, reasoning: reasoning, untyped: untyped), now: now) {
    case .counted(let report): .counted(used: report.allocation.used.total)
    case .exceeded(let report): .exceeded(used: report.allocation.used.total)
    case .closed(let report): .closed(used: report.record.allocation.used.total)
    case .unknown: .unknown
    }
  }

  mutating func pool(at now: Moment = after(0)) -> PoolReport { poolReports(now: now)[0] }

  /// Allocated, spent and available, which make the total.
  mutating func standing(at now: Moment = after(0)) -> [Quantity] {
    let report = pool(at: now)
    return [report.allocatedTotal, report.spent, report.available]
  }

  mutating func signals() -> [String] { takeEvents().compactMap(\.budgetEvent).map(\.name) }
}
