import Testing

@testable import BudgetCore

@Suite("Overviews")
struct OverviewTests {
  /// Every step of an overview, and how many there were.
  private static func overview(
    of ledger: inout Ledger, _ bounds: OverviewBounds = OverviewBounds(), at now: Moment
  ) -> (Overview, steps: Int) {
    var walk = OverviewWalk(bounds: bounds, lookback: .hour)
    var steps = 0
    while ledger.advance(&walk, now: now) { steps += 1 }
    return (walk.overview, steps)
  }

  @Test("the fullest accounts come first: by state, then by the share that is used or held")
  func fullestFirst() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"]), .test("free", limit: nil, per: ["agent"])])
    for (agent, count) in [("low", 10), ("over", 150), ("near", 85), ("half", 50), ("full", 100)] {
      ledger.use(Int64(count), tags(["agent": agent]), at: after(0))
    }
    _ = ledger.hold(tokens(60), tags(["agent": "low"]), at: after(1))
    let (overview, _) = Self.overview(of: &ledger, at: after(2))
    let limited = overview.accounts.filter { $0.limit != nil }
    #expect(limited.map { $0.tags[0].value } == ["over", "full", "near", "low", "half"])
    #expect(overview.accounts.suffix(5).allSatisfy { $0.limit == nil })
    #expect(overview.accountCounts == [.overspent: 1, .exhausted: 1, .warning: 1, .ok: 7])
    #expect(overview.openReservations == 1)
  }

  @Test("no more is shown than the bounds say, and no step looks at more")
  func bounded() {
    var ledger = makeLedger([.test(limit: 1000, per: ["agent"])])
    for number in 1...100 { ledger.use(Int64(number), tags(["agent": "a\(number)"]), at: after(0)) }
    var bounds = OverviewBounds()
    (bounds.accounts, bounds.spenders, bounds.places, bounds.forecasts) = (7, 3, 10, 2)
    let (overview, steps) = Self.overview(of: &ledger, bounds, at: after(1))
    #expect(overview.accounts.map { $0.used } == [100, 99, 98, 97, 96, 95, 94])
    #expect(overview.accountCounts == [.ok: 100])
    #expect(overview.spenders.map(\.scope) == ["agent", "user", "model"])
    #expect(overview.spenders[0].rows.map(\.value) == ["a100", "a99", "a98"])
    // 100 accounts and 100 agents by tens, 7 accounts by twos, and the rest.
    #expect(steps == 10 + 10 + 4 + 1)
  }

  @Test("who spends most cost comes first, then who uses most tokens")
  func spenders() {
    var ledger = makeLedger()
    ledger.line(.cost, Int64(dollars(500)), "agent:dear", at: after(0))
    ledger.use(900, tags(["agent": "many"]), at: after(0))
    ledger.use(800, tags(["agent": "fewer"]), at: after(0))
    let (overview, _) = Self.overview(of: &ledger, at: after(1))
    #expect(overview.spenders[0].rows.map(\.value) == ["dear", "many", "fewer"])
    #expect(overview.spenders[0].rows[0].cost == UInt64(dollars(500)))
  }

  @Test("what changes between two steps is looked at again")
  func changingLedger() {
    var ledger = makeLedger([.test(limit: 100, per: ["agent"], window: .fixed(.hours(1)))])
    ledger.use(50, tags(["agent": "a"]), at: after(0))
    var bounds = OverviewBounds()
    bounds.places = 1
    var walk = OverviewWalk(bounds: bounds, lookback: .hour)
    let hasStep = ledger.advance(&walk, now: after(1))
    ledger.use(30, tags(["agent": "a"]), at: after(2))
    ledger.use(99, tags(["agent": "b"]), at: after(2))
    while ledger.advance(&walk, now: after(3)) {}
    #expect(hasStep)
    #expect(walk.overview.accounts.map(\.used) == [80])
    #expect(walk.overview.now == noon + .seconds(3))
  }

  @Test("stopped subjects are counted, the first of them shown")
  func stops() {
    var ledger = makeLedger()
    for number in 1...5 {
      ledger.stopSubject(Tag(key: "agent", value: "a\(number)"), reason: "", now: after(Int64(number)))
    }
    var bounds = OverviewBounds()
    bounds.stops = 2
    let (overview, _) = Self.overview(of: &ledger, bounds, at: after(9))
    #expect(overview.stopCount == 5 && overview.stops.map(\.subject.value) == ["a1", "a2"])
  }

  @Test("a ranking keeps the highest, and of equals the first", arguments: [0, 1, 3, 10])
  func ranking(capacity: Int) {
    let offered = [3, 1, 4, 1, 5, 9, 2, 6]
    var ranking = Ranking<Int>(capacity: capacity)
    for (index, rank) in offered.enumerated() { ranking.offer(rank, index: index) }
    let expected = offered.enumerated().sorted { ($0.element, $1.offset) > ($1.element, $0.offset) }.prefix(capacity)
    #expect(ranking.entries.map(\.index) == expected.map(\.offset))
  }
}
