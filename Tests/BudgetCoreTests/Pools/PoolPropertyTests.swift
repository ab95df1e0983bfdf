import Testing

@testable import BudgetCore

@Suite("Whatever is asked of a pool")
struct PoolPropertyTests {
  @Test("A14, A26: allocated, spent and free are the total, and critical work is never starved", arguments: 1...60)
  func conserved(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let windows: [WindowRule?] = [nil, .fixed(.minutes(30)), .calendar(CalendarRule(period: .hour))]
    let pool = Pool.test(
      tokens: Quantity(Int64.random(in: 0...50_000, using: &random)), enforceSplit: Bool.random(using: &random),
      reserve: Int64.random(in: 0...1_000_000, using: &random), window: windows.randomElement(using: &random)!,
      ttl: Bool.random(using: &random) ? .minutes(7) : nil)
    var ledger = makeLedger(pool: pool, maxAllocations: 40)
    var ids: [AllocationID] = []
    for step in 0..<400 {
      let now = after(Int64(step) * 20)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<4:
        let priority = Priority.allCases.randomElement(using: &random)!
        let cap = Bool.random(using: &random) ? Quantity(Int64.random(in: 0...9000, using: &random)) : nil
        let (grant, id) = ledger.grant(priority, cap: cap, at: now)
        if case .granted(let granted, let lookup, let reasoning) = grant {
          ids.append(id)
          #expect(granted > 0 && lookup + reasoning == granted && granted <= cap ?? .max, "seed \(seed)")
        }
      case 4..<7:
        guard let id = ids.randomElement(using: &random) else { continue }
        _ = ledger.spend(
          id, lookup: Quantity(Int64.random(in: 0...4000, using: &random)),
          reasoning: Quantity(Int64.random(in: 0...500, using: &random)), at: now)
      case 7..<9:
        guard let id = ids.randomElement(using: &random) else { continue }
        _ = ledger.releaseAllocation(id, now: now)
      default:
        _ = ledger.topUpPool(
          "p", tokens: Quantity(Int64.random(in: 0...3000, using: &random)),
          allocation: Bool.random(using: &random) ? ids.randomElement(using: &random)?.number : nil, now: now)
      }
      let broken = ledger.checkInvariants()
      #expect(broken.isEmpty, "seed \(seed), step \(step): \(broken)")
      if !broken.isEmpty { return }
    }
    // Nothing is lost: with the last allocation and the window over, the pool is as big as it was made.
    for id in ids { _ = ledger.releaseAllocation(id, now: after(8000)) }
    let end = ledger.pool(at: after(20_000))
    #expect(end.allocatedTotal == 0 && end.available == end.total, "seed \(seed)")
    if pool.window != nil { #expect(end.total == pool.tokens, "seed \(seed)") }
  }

  @Test("A26: other work can fill all but the reserve, and critical work still gets it", arguments: 1...40)
  func reserve(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let share = Int64.random(in: 1...1_000_000, using: &random)
    let tokens = Quantity(Int64.random(in: 1...200_000, using: &random))
    var ledger = makeLedger(pool: .test(tokens: tokens, reserve: share))
    for _ in 0..<100 { _ = ledger.grant([.low, .normal, .high].randomElement(using: &random)!) }
    let reserve = Ratio(millionths: share).threshold(of: tokens)
    #expect(ledger.pool().availableBelowCritical == 0, "seed \(seed)")
    #expect(ledger.pool().available == reserve, "seed \(seed)")
    guard case .granted(let granted, _, _) = ledger.grant(.critical).grant else {
      Issue.record("critical work was starved, seed \(seed)")
      return
    }
    #expect(granted == min(reserve, Priority.critical.demand(ofPool: tokens)))
  }

  @Test("A26: critical work that holds its share leaves the rest to others")
  func reserveTaken() {
    var ledger = makeLedger(pool: .test(tokens: 10_000, reserve: 100_000))
    #expect(ledger.grant(.critical, cap: 1000).grant == .granted(1000, lookup: 900, reasoning: 100))
    #expect(ledger.grant(.high).grant == .granted(7500, lookup: 6750, reasoning: 750))
    #expect(ledger.grant(.high).grant == .granted(1500, lookup: 1350, reasoning: 150))
    #expect(ledger.grant(.critical).grant == .denied(demand: 10_000))
  }
}
