import Testing

@testable import BudgetCore

@Suite("Sessions")
struct SessionTests {
  @Test("C10: a session's tokens are observed when it ends by doing nothing")
  func histogram() {
    var ledger = watching()
    ledger.line(.tokens, 1500, "session:s", at: after(0))
    ledger.line(.tokens, 400, "session:s", at: after(3000))
    ledger.line(.tokens, 100, "session:u", at: after(3000))
    ledger.maintain(now: after(3601))
    let open = ledger.view(now: after(3601)).activities
    #expect(open.openSessions == 2 && open.sessions.isEmpty)
    ledger.maintain(now: after(6601))
    let ended = ledger.view(now: after(6601)).activities
    #expect(ended.openSessions == 0 && ended.sessions.sum == 2000)
    #expect(ended.sessions.counts == [1, 0, 0, 0, 1] + Array(repeating: 0, count: 10))
  }

  @Test("C17-18: a session that comes back after its end starts anew, on the same route")
  func anew() {
    var ledger = watching([RunawayRule(per: "session", limits: [.tokens: 100])])
    ledger.line(.tokens, 150, "session:s", at: after(0))
    ledger.maintain(now: after(3601))
    ledger.line(.tokens, 30, "session:s", at: after(3700))
    let tokens = ledger.activityTokens("session", "s")
    #expect(tokens == 30)
    ledger.line(.tokens, 80, "session:s", at: after(3701))
    let told = ledger.runaways()
    #expect(told == ["s 150 tokens of 100", "s 110 tokens of 100"])
  }

  @Test("C17-18: the steps of a workflow share the session's budget and are counted for the task")
  func workflow() {
    var ledger = watching(
      [.task(.steps, 3)],
      budgets: [.test("session", limit: 1000, per: ["session"], window: .lifetime(idleExpiry: .hours(1)))])
    for step in ["research", "write", "review"] {
      _ = ledger.record(tokens(300), tags: tags(["session": "s", "task": "t", "step": step]), now: after(0))
    }
    let used = ledger.used("session", at: after(1))
    let told = ledger.runaways()
    #expect(used == 900 && told == ["t 3 steps of 3"])
  }

  @Test("ended sessions make room when it runs short, and lines find their new place")
  func room() {
    var ledger = watching { $0.most = 80 }
    for session in 0..<70 { ledger.line(.tokens, 1, "session:s\(session)", at: after(0)) }
    ledger.line(.tokens, 7, "session:late", at: after(1))
    let crowded = (ledger.activityTokens("session", "late"), ledger.activityTokens("session", "__other__"))
    #expect(crowded == (-1, 7))
    ledger.line(.tokens, 1, "session:s1", at: after(3000))
    ledger.maintain(now: after(3700))
    ledger.line(.tokens, 9, "session:late", at: after(3701))
    ledger.line(.tokens, 1, "session:s1", at: after(3702))
    let late = (ledger.activityTokens("session", "late"), ledger.activityTokens("session", "s1"))
    #expect(late == (9, 3))
    let broken = ledger.checkInvariants()
    #expect(broken == [])
  }

  @Test("a flood of sessions leaves room for jobs")
  func flood() {
    var ledger = watching { $0.most = 80 }
    for session in 0..<1000 { ledger.line(.tokens, 1, "session:s\(session)", at: after(0)) }
    ledger.line(.items, 5, "job:j", at: after(1))
    let done = ledger.job("j", now: after(1))?.done
    let count = ledger.view(now: after(1)).activities.count
    #expect(done == 5 && count == 71)
  }
}
