// What holds at any time, whatever came in.
extension PoolTable {
  /// Every broken rule as a sentence; empty when all hold. O(allocations).
  func brokenRules() -> [String] { states.flatMap { $0.brokenRules(mostAllocations: mostAllocations) } }
}

extension PoolState {
  func brokenRules(mostAllocations: Int) -> [String] {
    var broken: [String] = []
    var granted = [Quantity](repeating: 0, count: Priority.allCases.count)
    for allocation in open.values {
      granted[Int(allocation.priority.rawValue)] += allocation.granted
      let parts = [allocation.granted, allocation.lookup, allocation.reasoning, allocation.used.total]
      if parts.contains(where: { $0 < 0 }) { broken.append("allocation \(allocation.id.number) is negative") }
      let level = allocation.reachedLevel(in: pool)
      if allocation.level != level {
        broken.append("allocation \(allocation.id.number) was told \(allocation.level), use means \(level)")
      }
    }
    if granted != allocated { broken.append("allocated is \(allocated), allocations sum to \(granted)") }
    if allocatedTotal + spentTotal + available(for: .critical) != total {
      broken.append("\(allocatedTotal) allocated, \(spentTotal) spent and what is free are not \(total)")
    }
    let critical = Int(Priority.critical.rawValue)
    let kept = pool.reserve - allocated[critical] - spent[critical]
    if available(for: .critical) < kept { broken.append("less than \(kept) is kept for critical work") }
    for priority in Priority.allCases where available(for: priority) < 0 {
      broken.append("less than nothing is available for \(priority.name)")
    }
    if open.count > mostAllocations { broken.append("\(open.count) allocations are open") }
    if history.count > Self.longestHistory { broken.append("\(history.count) ended allocations are remembered") }
    return broken.map { "pool \(pool.name): " + $0 }
  }
}
