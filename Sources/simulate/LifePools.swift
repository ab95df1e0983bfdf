import BudgetCore
import NaiveLedger

// What agents do with pools in a life: allocate, use, release.
extension Life {
  func usePool() -> String {
    switch random.int(1...10) {
    case ...4: allocate()
    case ...8: useAllocation()
    case 9: releaseAllocation()
    default: topUpPool()
    }
  }

  private func allocate() -> String {
    let pool = random.pick(world.settings.pools)
    let cap: Quantity? = random.chance(30) ? Quantity(random.int(0...5000)) : nil
    let priority = random.pick(Priority.allCases)
    let ttl: Interval? = random.chance(50) ? .seconds(random.int(1...7200)) : nil
    let request = AllocationRequest(
      pool: pool.name, agent: world.value(of: TagName.agent, using: &random), priority: priority, cap: cap, ttl: ttl)
    let before = ledger.poolReports(now: now).first { $0.pool.name == pool.name }!
    switch ledger.allocate(request, secret: random.next(), now: now) {
    case .granted(let report):
      let granted = report.allocation.granted
      if granted > min(cap ?? .max, before.available(for: priority)) || granted <= 0 {
        problems.append("\(granted) allocated of \(before.available(for: priority)) that were free")
      }
      known.allocations.append(report.allocation.id)
      tally.allocations += 1
      return "allocate: \(granted)"
    case .denied(let report, let demand):
      if demand > 0, report.available(for: priority) > 0 { problems.append("denied though something was free") }
      return "allocate: denied"
    case .stopped(let stop):
      if !known.stopped.contains(stop.subject) { problems.append("\(stop.subject.value) is not stopped") }
      return "allocate: stopped"
    case .unknownPool, .tableFull:
      problems.append("no pool, or no room in it")
      return "allocate"
    }
  }

  private func useAllocation() -> String {
    guard !known.allocations.isEmpty else { return advance() }
    let id = random.pick(known.allocations)
    let usage = AllocationUsage(
      lookup: Quantity(random.int(0...2000)), reasoning: Quantity(random.int(0...300)),
      untyped: random.chance(20) ? Quantity(random.int(0...500)) : 0)
    switch ledger.useAllocation(id, usage, now: now) {
    case .counted, .exceeded, .closed: known.poolTokens += usage.total
    case .unknown: known.allocations.removeAll { $0 == id }  // Ended so long ago that nobody remembers.
    }
    return "use \(usage.total) of allocation \(id.number)"
  }

  private func releaseAllocation() -> String {
    guard !known.allocations.isEmpty else { return advance() }
    let id = random.pick(known.allocations)
    let first = ledger.releaseAllocation(id, now: now)
    let again = ledger.releaseAllocation(id, now: now)
    if first?.record != again?.record { problems.append("released twice, answered differently") }
    return "release allocation \(id.number)"
  }

  private func topUpPool() -> String {
    let tokens = Quantity(random.int(0...5000))
    _ = ledger.topUpPool(random.pick(world.settings.pools).name, tokens: tokens, allocation: nil, now: now)
    return "top up a pool by \(tokens)"
  }
}
