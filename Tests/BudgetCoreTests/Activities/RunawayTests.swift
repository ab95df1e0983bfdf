import Testing

@testable import BudgetCore

@Suite("Runaway detection")
struct RunawayTests {
  @Test("B22: a task that passes its limit is told once, with how much it was")
  func tokens() {
    var ledger = watching([.task(.tokens, 1000)])
    ledger.line(.tokens, 999, "task:t", at: after(0))
    let before = ledger.runaways()
    ledger.line(.tokens, 1, "task:t", at: after(1))
    ledger.line(.tokens, 5000, "task:t", at: after(2))
    ledger.line(.tokens, 1500, "task:u,agent:a", at: after(3))
    let told = ledger.runaways()
    #expect(before == [] && told == ["t 1000 tokens of 1000", "u 1500 tokens of 1000"])
    let counts = ledger.view(now: after(4)).activities.runaways.map(\.count)
    #expect(counts == [2])
  }

  @Test("B22: several rules on one tag each tell their limit, and only one stops")
  func ladder() {
    var ledger = watching([.task(.tokens, 100), .task(.tokens, 300, .stop), .task(.tokens, 200)])
    ledger.line(.tokens, 150, "task:t", at: after(0))
    let first = ledger.runaways()
    ledger.line(.tokens, 200, "task:t", at: after(0))
    let second = ledger.runaways()
    #expect(first == ["t 150 tokens of 100"])
    #expect(second == ["t 350 tokens of 300", "t 350 tokens of 200"])
  }

  @Test("B22: a loop of identical calls is told, once for each loop")
  func repeats() {
    var ledger = watching([.task(.repeats, 3)])
    for second in 0..<5 as Range<Int64> {
      ledger.line(.tokens, 10, "task:t,fingerprint:f", at: after(second))
      ledger.line(.requests, 1, "task:t,fingerprint:f", at: after(second))
    }
    let loop = ledger.runaways()
    ledger.line(.requests, 1, "task:t,fingerprint:g", at: after(6))
    for second in 7..<9 as Range<Int64> { ledger.line(.requests, 1, "task:t,fingerprint:f", at: after(second)) }
    let between = ledger.runaways()
    ledger.line(.requests, 1, "task:t,fingerprint:f", at: after(9))
    let again = ledger.runaways()
    #expect(loop == ["t 3 repeats of 3"] && between == [] && again == ["t 3 repeats of 3"])
  }

  @Test("B22: objects and settled reservations count as calls of a loop")
  func repeatedCalls() {
    var ledger = watching([.task(.repeats, 2)])
    let call = tags(["task": "t", "fingerprint": "f"])
    _ = ledger.record(BudgetCoreTests.tokens(5), tags: call, now: after(0))
    let id = ledger.hold(BudgetCoreTests.tokens(5), call, at: after(1))
    let before = ledger.runaways()
    if let id { _ = ledger.settle(id, actual: nil, now: after(2)) }
    let told = ledger.runaways()
    #expect(before == [] && told == ["t 2 repeats of 2"])
  }

  @Test("a fingerprint makes no route and no label of its own")
  func noRoutes() {
    var ledger = watching([.task(.repeats, 1000)])
    for number in 0..<50 as Range<Int64> {
      ledger.line(.requests, 1, "task:t,agent:a,fingerprint:f\(number)", at: after(number))
      _ = ledger.hold(BudgetCoreTests.tokens(1), tags(["agent": "a", "fingerprint": "g\(number)"]), at: after(number))
    }
    let (lines, calls) = (ledger.routes.keys.count, ledger.calls.keys.count)
    #expect(lines == 1 && calls == 1)
    let series = ledger.seriesByLabels(at: after(60)).keys.sorted()
    #expect(series == [#"agent="a""#])
  }

  @Test("B22: steps are counted where the step changes")
  func steps() {
    var ledger = watching([.task(.steps, 4)])
    for step in ["plan", "plan", "act", "act", "plan"] { ledger.line(.tokens, 1, "task:t,step:\(step)", at: after(0)) }
    let before = ledger.runaways()
    ledger.line(.tokens, 1, "task:t", at: after(1))
    ledger.line(.tokens, 1, "task:t,step:act", at: after(1))
    let told = ledger.runaways()
    #expect(before == [] && told == ["t 4 steps of 4"])
  }

  @Test("B22: requests are limited too, and the reason says it in words")
  func requests() throws {
    var ledger = watching([.task(.requests, 1500)])
    ledger.line(.requests, 2000, "task:t", at: after(0))
    let events = ledger.takeEvents().compactMap(\.activityEvent)
    guard case .runaway(let runaway)? = events.first else {
      Issue.record("nothing was told")
      return
    }
    #expect(runaway.reason == "runaway: 2,000 requests, limit 1,500" && runaway.at == noon)
  }

  @Test("B22: a rule that stops a task keeps it from being granted anything until it is resumed")
  func stop() {
    var ledger = watching([.task(.tokens, 100, .stop)])
    let task = tags(["task": "t"])
    let before = ledger.ask(BudgetCoreTests.tokens(1), task, at: after(0))
    ledger.use(100, task, at: after(1))
    let stopped = ledger.ask(BudgetCoreTests.tokens(1), task, at: after(2))
    let other = ledger.ask(BudgetCoreTests.tokens(1), tags(["task": "u"]), at: after(2))
    _ = ledger.resumeSubject(Tag(key: "task", value: "t"), now: after(3))
    ledger.use(100, task, at: after(4))
    let resumed = ledger.ask(BudgetCoreTests.tokens(1), task, at: after(5))
    #expect(before.verdict == .allow && stopped.verdict == .deny && other.verdict == .allow)
    #expect(stopped.stop?.reason == "runaway: 100 tokens, limit 100" && resumed.verdict == .allow)
  }

  @Test("where no more can be stopped, the event says that it was told only")
  func noStopsLeft() {
    var ledger = watching([.task(.tokens, 100, .stop)])
    for number in 0..<Ledger.maximumStops {
      ledger.stopSubject(Tag(key: "user", value: "u\(number)"), reason: "", now: after(0))
    }
    ledger.use(100, tags(["task": "t"]), at: after(1))
    guard case .runaway(let runaway)? = ledger.takeEvents().compactMap(\.activityEvent).first else {
      Issue.record("nothing was told")
      return
    }
    #expect(runaway.action == .event)
  }

  @Test("what everybody shares runs nowhere")
  func overflow() {
    var ledger = watching([.task(.tokens, 10)]) { $0.most = 8 }
    for task in 0..<20 { ledger.line(.tokens, 9, "task:t\(task)", at: after(0)) }
    let told = ledger.runaways()
    let shared = ledger.activityTokens("task", "__other__")
    let overflow = ledger.view(now: after(0)).activities.overflow
    #expect(told == [] && shared == 13 * 9 && overflow == 13)
  }

  @Test("events nobody takes are bounded and counted")
  func bounded() {
    var ledger = watching([.task(.tokens, 1)])
    for task in 0..<4100 { ledger.line(.tokens, 1, "task:t\(task)", at: after(0)) }
    let told = ledger.runaways()
    let lost = ledger.counters.eventsLost
    #expect(told.count == 4096 && lost == 4)
  }
}
