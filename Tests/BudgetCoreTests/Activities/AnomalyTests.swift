import Testing

@testable import BudgetCore

@Suite("Anomalies of cost")
struct AnomalyTests {
  private static let agent = tags(["agent": "a", "model": "m"])

  /// Costs of 95 to 104 microdollars, again and again.
  private static func usual(_ number: Int64) -> Spend {
    var spend = tokens(95 + number % 10)
    spend.requests = 1
    return spend
  }

  @Test("no call is scored before 20 are known; a call of ten times the cost then stands out")
  func scores() throws {
    var ledger = watching()
    for number in 0..<20 as Range<Int64> {
      let early = ledger.scoring { $0.record(Self.usual(number), tags: Self.agent, now: after(number)) }.highest
      #expect(early == nil)
    }
    var score = ledger.scoring { $0.record(Self.usual(3), tags: Self.agent, now: after(21)) }.highest
    let normal = try #require(score)
    #expect(abs(normal.score) < 1 && abs(Int64(normal.typical) - 99_400_000) < 200_000)
    score = ledger.scoring { $0.record(tokens(1000), tags: Self.agent, now: after(22)) }.highest
    let unusual = try #require(score)
    // ln(1000 / 99.4) over the least deviation of 0.25.
    #expect(abs(unusual.score - 9.23) < 0.05 && unusual.cost == 1_000_000_000)
    let events = ledger.takeEvents().compactMap(\.activityEvent)
    guard case .anomaly(let anomaly)? = events.first, events.count == 1 else {
      Issue.record("\(events.count) events")
      return
    }
    #expect(anomaly.agent == "a" && anomaly.score == unusual)
    let counted = ledger.view(now: after(23)).activities.anomalies
    #expect(counted.map(\.count) == [1] && counted.map(\.agent) == ["a"])
  }

  @Test("an outlier does not hide the next, and a new level is learned")
  func robust() {
    var model = CostModel()
    for _ in 0..<50 { model.learn(1_000_000) }
    model.learn(1_000_000_000)
    #expect((model.score(of: 1_000_000_000)?.score ?? 0) > 10)
    for _ in 0..<300 { model.learn(50_000_000) }
    #expect(abs(model.score(of: 50_000_000)?.score ?? 9) < 1)
  }

  @Test("mean and variance of the first calls are the plain ones")
  func welford() {
    var model = CostModel()
    let costs: [Quantity] = [1_000, 20_000, 300_000, 4_000, 50]
    for cost in costs { model.learn(cost) }
    // The mean and variance of ln 1000, ln 20000, ln 300000, ln 4000 and ln 50.
    #expect(abs(model.mean - 8.325_771) < 1e-5 && abs(model.variance - 8.469_986) < 1e-5)
  }

  @Test("lines, sums of calls, free calls and calls of nobody are passed over")
  func passedOver() {
    var ledger = watching()
    let score = ledger.scoring { ledger in
      for number in 0..<30 as Range<Int64> {
        ledger.line(.tokens, 100, "agent:a,model:m", at: after(number))
        var sum = tokens(100)
        sum.requests = 50
        _ = ledger.record(sum, tags: Self.agent, now: after(number))
        _ = ledger.record(tokens(100, .output), tags: Self.agent, now: after(number))
        _ = ledger.record(Self.usual(number), tags: tags(["model": "m"]), now: after(number))
      }
    }.highest
    let known = ledger.costModels.count
    #expect(score == nil && known == 0)
  }

  @Test("settled reservations are scored")
  func settles() throws {
    var ledger = watching()
    for number in 0..<21 as Range<Int64> {
      let held = ledger.hold(tokens(100), Self.agent, at: after(number))
      let id = try #require(held)
      let score = ledger.scoring { $0.settle(id, actual: Self.usual(number), now: after(number)) }.highest
      let again = ledger.scoring { $0.settle(id, actual: Self.usual(number), now: after(number)) }.highest
      #expect((score != nil) == (number == 20) && again == nil)
    }
  }

  @Test("of several calls the one that stands out most is told, and none of calls before")
  func highest() throws {
    var ledger = watching()
    for number in 0..<30 as Range<Int64> { _ = ledger.record(Self.usual(number), tags: Self.agent, now: after(number)) }
    let highest = ledger.scoring { ledger in
      for count in [100, 700, 300] as [Int64] { _ = ledger.record(tokens(count), tags: Self.agent, now: after(31)) }
    }.highest
    let none = ledger.scoring { _ = $0.record(tokens(100), tags: tags(["model": "m"]), now: after(32)) }.highest
    #expect(highest?.cost == 700_000_000 && none == nil)
  }

  @Test("agents are bounded: one that is idle makes room and leaves its count")
  func bounded() {
    var ledger = makeLedger { $0.anomaly.maxAgents = 2 }
    for agent in ["a", "b", "c"] {
      _ = ledger.record(Spend(cost: 5, requests: 1), tags: tags(["agent": agent]), now: after(0))
    }
    let before = ledger.costModels.count
    ledger.costModels[0].anomalies = 3
    _ = ledger.record(Spend(cost: 5, requests: 1), tags: tags(["agent": "d"]), now: after(7200))
    let (known, others) = (ledger.costModels.count, ledger.costModels.otherAnomalies)
    #expect(before == 2 && known == 2 && others == 3)
  }

  @Test("an agent whose place another took does not teach that one, though its route knew the place")
  func movedAgent() {
    var ledger = makeLedger { $0.anomaly.maxAgents = 1 }
    let call = Spend(cost: 5, requests: 1)
    for second in 0..<30 as Range<Int64> { _ = ledger.record(call, tags: tags(["agent": "a"]), now: after(second)) }
    let before = ledger.costModels[0].model.count
    _ = ledger.record(call, tags: tags(["agent": "b"]), now: after(7200))
    _ = ledger.record(call, tags: tags(["agent": "a"]), now: after(7201))
    let (known, learned) = (ledger.costModels.count, ledger.costModels[0].model.count)
    #expect(before == 30 && known == 1 && learned == 1)
  }

  @Test("no cost and no stored number traps", arguments: [0, 1, 1 << 100, .max, -1] as [Quantity])
  func extremes(cost: Quantity) {
    var model = CostModel()
    for _ in 0..<200 { model.learn(cost) }
    let score = model.score(of: cost)
    #expect(model.mean.isFinite && model.variance.isFinite && (score?.typical ?? -1) >= 0)
    #expect(score?.score.isFinite == true)
    #expect(CostModel(count: 1, mean: .nan, variance: 1) == nil && CostModel(count: -1, mean: 1, variance: 1) == nil)
    #expect(CostModel(count: 1, mean: 1, variance: .infinity) == nil)
  }
}
