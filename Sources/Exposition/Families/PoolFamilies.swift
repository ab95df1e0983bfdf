import BudgetCore

/// Pools: what was allocated, and apart from it what was really used.
enum PoolFamilies {
  private typealias Sample = MetricFamily.Sample

  static func families(_ view: LedgerView) -> [MetricFamily] {
    guard !view.pools.isEmpty else { return [] }
    return sizes(view.pools) + holdings(view.pools) + counts(view.pools)
  }

  private static func sizes(_ pools: [PoolReport]) -> [MetricFamily] {
    [
      .gauge("tallygate_pool_tokens", "The pool's size, with what was topped up.", each(pools) { $0.total }),
      .gauge(
        "tallygate_pool_available_tokens", "What work of any priority could still be granted.",
        each(pools) { $0.availableBelowCritical }),
      .gauge(
        "tallygate_pool_available_critical_tokens", "What critical work could still be granted.",
        each(pools) { $0.available }),
      .gauge(
        "tallygate_pool_spent_tokens", "What ended allocations used in the pool's window.", each(pools) { $0.spent }),
    ]
  }

  private static func holdings(_ pools: [PoolReport]) -> [MetricFamily] {
    var allocated: [Sample] = []
    for report in pools {
      for priority in Priority.allCases {
        allocated.append(
          Sample(
            .quantity(report.allocated[Int(priority.rawValue)]),
            labels: labels(report) + [(name: "priority", value: priority.name)]))
      }
    }
    return [
      .gauge("tallygate_pool_allocated_tokens", "What open allocations were granted, by priority.", allocated),
      .gauge("tallygate_pool_used_tokens", "What open allocations really used.", each(pools) { $0.used.total }),
      .gauge("tallygate_pool_allocations", "Open allocations.", each(pools) { Quantity($0.allocations.count) }),
      .gauge("tallygate_pool_agents", "Agents with an open allocation.", each(pools) { Quantity($0.activeAgents) }),
    ]
  }

  private static func counts(_ pools: [PoolReport]) -> [MetricFamily] {
    var events: [Sample] = []
    var denied: [Sample] = []
    var usage: [Sample] = []
    for report in pools {
      for event in PoolTally.Event.allCases {
        events.append(
          Sample(.integer(report.tally[event]), labels: labels(report) + [(name: "event", value: event.name)]))
      }
      for priority in Priority.allCases {
        denied.append(
          Sample(
            .integer(report.tally[denied: priority]),
            labels: labels(report) + [(name: "priority", value: priority.name)]
          ))
      }
      let used = report.tally.used
      for (kind, amount) in [("lookup", used.lookup), ("reasoning", used.reasoning), ("untyped", used.untyped)] {
        usage.append(Sample(.quantity(amount), labels: labels(report) + [(name: "kind", value: kind)]))
      }
    }
    return [
      .counter("tallygate_pool_events", "What happened to allocations, once for each crossing.", events),
      .counter("tallygate_pool_denied", "Requests for an allocation that got nothing, by priority.", denied),
      .counter("tallygate_pool_usage_tokens", "Tokens used of open and ended allocations, by kind.", usage),
    ]
  }

  private static func labels(_ report: PoolReport) -> [(name: String, value: String)] {
    [(name: "pool", value: report.pool.name)]
  }

  private static func each(_ pools: [PoolReport], _ value: (PoolReport) -> Quantity) -> [Sample] {
    pools.map { Sample(.quantity(value($0)), labels: labels($0)) }
  }
}
