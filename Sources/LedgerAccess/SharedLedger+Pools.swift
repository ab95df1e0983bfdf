package import BudgetCore

// Pools and their allocations.
extension SharedLedger {
  package func allocate(_ request: AllocationRequest) -> AllocateOutcome {
    let secret = UInt64.random(in: .min ... .max)
    return act { ledger, now in
      (ledger.allocate(request, secret: secret, now: now), .allocate(request, secret: secret))
    }
  }

  package func use(_ id: AllocationID, _ usage: AllocationUsage) -> UseOutcome {
    act { ledger, now in (ledger.useAllocation(id, usage, now: now), .use(id, usage)) }
  }

  package func releaseAllocation(_ id: AllocationID) -> RecordReport? {
    act { ledger, now in (ledger.releaseAllocation(id, now: now), .releaseAllocation(id)) }
  }

  package func topUp(pool: String, tokens: Quantity, allocation: UInt64?) -> TopUpOutcome {
    act { ledger, now in
      (
        ledger.topUpPool(pool, tokens: tokens, allocation: allocation, now: now),
        .topUpPool(pool, tokens: tokens, allocation: allocation)
      )
    }
  }

  package func pools() -> [PoolReport] { section { ledger, now in ledger.poolReports(now: now) } }

  package func allocation(_ id: AllocationID) -> AllocationReport? {
    section { ledger, now in ledger.allocationReport(id, now: now) }
  }
}
