import BudgetCore
import JSONText

// Pools and allocations as the bodies show them. Ids are secret: only who just got one reads it.
extension JSONWriter {
  /// `"allocation": 7, "pool": …, "agent": …, …` of an open or ended allocation.
  mutating func allocationMembers(_ report: AllocationReport) {
    let allocation = report.allocation
    key("allocation")
    int(allocation.id.number)
    key("pool")
    string(report.pool.name)
    key("agent")
    string(allocation.agent)
    key("task")
    string(allocation.task)
    key("priority")
    string(allocation.priority.name)
    key("granted")
    int(allocation.granted)
    key("lookup")
    int(allocation.lookup)
    key("reasoning")
    int(allocation.reasoning)
    key("used")
    int(allocation.used.total)
    key("used_lookup")
    int(allocation.used.lookup)
    key("used_reasoning")
    int(allocation.used.reasoning)
    key("remaining")
    int(allocation.remaining)
    key("used_ratio")
    double(allocation.granted > 0 ? Double(allocation.used.total) / Double(allocation.granted) : 0)
    key("warned")
    bool(allocation.level >= .warned)
    key("stopped")
    bool(allocation.isStopped)
    key("since")
    time(allocation.since)
    key("expires_at")
    time(report.expiresAt)
  }

  mutating func allocation(_ report: AllocationReport) {
    beginObject()
    allocationMembers(report)
    endObject()
  }

  /// The final record.
  mutating func record(_ report: RecordReport) {
    beginObject()
    allocationMembers(report.allocation)
    key("ended")
    string(report.record.ending.name)
    key("ended_at")
    time(report.record.endedAt)
    endObject()
  }

  /// The numbers of a pool, without its allocations.
  mutating func poolMembers(_ report: PoolReport) {
    key("pool")
    string(report.pool.name)
    key("tokens")
    int(report.total)
    key("available")
    int(report.availableBelowCritical)
    key("available_for_critical")
    int(report.available)
    key("allocated")
    int(report.allocatedTotal)
    key("used")
    int(report.used.total)
    key("spent")
    int(report.spent)
    key("utilisation")
    double(report.utilisation)
    key("active_agents")
    int(report.activeAgents)
    key("history")
    int(report.historyCount)
    key("resets_at")
    time(report.resetsAt)
  }

  /// - Parameter shows: which of its allocations the reader may see.
  mutating func pool(_ report: PoolReport, showing shows: (Allocation) -> Bool = { _ in true }) {
    beginObject()
    poolMembers(report)
    key("allocations")
    beginArray()
    for allocation in report.allocations where shows(allocation.allocation) { self.allocation(allocation) }
    endArray()
    endObject()
  }
}
