import Testing

@testable import BudgetCore

@Suite("Rollover")
struct RolloverTests {
  private func budget(_ millionths: Int64 = 500_000, limit: Quantity = 100) -> Budget {
    var budget = Budget.test(limit: limit, window: .fixed(.hours(1)))
    budget.rollover = Ratio(millionths: millionths)
    return budget
  }

  @Test(
    "A26: what was left unused is added to the next window, up to the share",
    arguments: [(0, 100), (1, 150), (49, 150), (50, 150), (51, 149), (99, 101), (100, 100), (130, 100)])
  func amounts(used: Int64, next: Quantity) {
    var ledger = makeLedger([budget()])
    ledger.use(max(1, used), at: after(0))
    if used == 0 { ledger.use(99, at: after(1)) }
    let limit = ledger.accountStatuses(now: after(3600))[0].limit
    #expect(limit == next)
  }

  @Test("what was rolled over does not roll over again")
  func onlyOnce() {
    var ledger = makeLedger([budget()])
    ledger.use(20, at: after(0))
    ledger.use(90, at: after(3600))
    let second = ledger.accountStatuses(now: after(3601))[0].limit
    let third = ledger.accountStatuses(now: after(7200))[0].limit
    #expect(second == 150 && third == 110)
  }

  @Test("of windows that were skipped only the last counts, and its share counts once")
  func skipped() {
    var ledger = makeLedger([budget()])
    ledger.use(100, at: after(0))
    ledger.use(1, at: after(5 * 3600))
    let limit = ledger.accountStatuses(now: after(5 * 3600))[0].limit
    #expect(limit == 150)
  }

  @Test("a limit set for the whole budget changes nothing of what an ended window rolls over", arguments: [0, 1000])
  func overrideAfterTheEnd(newLimit: Int64) {
    var ledger = makeLedger([budget(1_000_000)])
    ledger.use(20, at: after(0))
    _ = ledger.override(
      budget: "b", unit: nil, tags: [], limit: Quantity(newLimit), until: after(4000).wall, now: after(3600))
    let limit = ledger.accountStatuses(now: after(4000))[0].limit
    #expect(limit == 180)
  }

  @Test("a limit that is set lower lets less of what was rolled over count, and gives it back")
  func lowered() {
    var ledger = makeLedger([budget()])
    ledger.use(20, at: after(0))
    let limits = [40, 0, 1000].map { limit in
      _ = ledger.override(
        budget: "b", unit: nil, tags: [], limit: Quantity(limit), until: nil, now: after(3600))
      return ledger.accountStatuses(now: after(3601))[0].limit
    }
    #expect(limits == [60, 0, 1050])
  }

  @Test("A17: the next window's thresholds are those of its own limit")
  func thresholds() {
    var ledger = makeLedger([budget()])
    ledger.use(20, at: after(0))
    ledger.use(119, at: after(3600))
    let below = ledger.told()
    ledger.use(1, at: after(3601))
    let told = ledger.told()
    #expect(below == [] && told == [.warn])
  }

  @Test("an idle account is kept while it has something rolled over, and no longer than a window more")
  func housekeeping() {
    var budget = budget()
    budget.per = ["agent"]
    var ledger = makeLedger([budget])
    ledger.use(20, tags(["agent": "a"]), at: after(0))
    ledger.maintain(now: after(5000))
    let kept = ledger.accountCount
    ledger.maintain(now: after(3 * 3600))
    let names = ledger.accountStatuses(now: after(3 * 3600)).flatMap(\.tags).map(\.value)
    #expect(kept == 1 && names == ["__other__"])
  }

  @Test("no history makes the limit larger than limit x (1 + max)", arguments: 0..<20)
  func bounded(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let share = Int64.random(in: 0...1_000_000, using: &random)
    let limit = Quantity(Int64.random(in: 0...1_000_000, using: &random))
    var ledger = makeLedger([budget(share, limit: limit)])
    var second: Int64 = 0
    for step in 0..<200 {
      second += Int64.random(in: 0...4000, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: ledger.use(Int64.random(in: 0...(Int64(limit) + 10), using: &random), at: after(second))
      case 1: _ = ledger.hold(tokens(Int64.random(in: 0...(Int64(limit) + 10), using: &random)), at: after(second))
      case 2: ledger.maintain(now: after(second))
      default: _ = ledger.reset(budget: "b", unit: nil, tags: [], now: after(second))
      }
      let found = ledger.accountStatuses(now: after(second)).first?.limit ?? limit
      let complaints = ledger.checkInvariants()
      let isWithin = found >= limit && found * 1_000_000 <= limit * Quantity(1_000_000 + share)
      #expect(isWithin && complaints == [], "seed \(seed), step \(step): limit \(found), \(complaints)")
      guard isWithin, complaints.isEmpty else { return }
    }
  }
}
