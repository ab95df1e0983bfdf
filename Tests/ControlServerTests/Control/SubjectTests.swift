import BudgetCore
import ControlServer
import JSONText
import LedgerAccess
import Testing

@Suite("Stop and resume of subjects")
struct SubjectTests {
  private static let body = #"{"tags": {"agent": "rogue one", "user": "alice"}, "tokens": 10}"#

  @Test("a stopped subject gets 403 from the next decision on, until it is resumed")
  func stopAndResume() throws {
    let scene = ControlScene([.test(limit: 1000)], isOperator: true)
    #expect(scene.post("/v1/reservations", Self.body).status == 201)
    let stop = scene.post("/v1/subjects/agent/rogue%20one/stop", #"{"reason": "it loops"}"#)
    #expect(stop.status == 200)
    let expected = try json(
      #"{"subject": {"agent": "rogue one"}, "stopped": true, "reason": "it loops", "since": "2025-06-16T12:00:00Z"}"#)
    #expect(stop.json == expected, "\(stop.string)")
    for path in ["/v1/reservations", "/v1/check"] {
      let answer = scene.post(path, Self.body)
      #expect(answer.isProblem(403, "subject-stopped"), "\(answer.string)")
      #expect(answer.member("reason")?.asString == "it loops")
      #expect(answer.member("subject", "agent")?.asString == "rogue one")
      #expect(answer.headers["retry-after"] == nil)
    }
    #expect(scene.get("/v1/subjects").json?.asArray?.count == 1)
    let resume = scene.post("/v1/subjects/agent/rogue%20one/resume")
    #expect(resume.json == (try json(#"{"subject": {"agent": "rogue one"}, "stopped": false, "was_stopped": true}"#)))
    #expect(scene.post("/v1/reservations", Self.body).status == 201)
    #expect(scene.get("/v1/subjects").json?.asArray?.count == 0)
  }

  @Test("stopping and resuming twice answers alike")
  func twice() {
    let scene = ControlScene(isOperator: true)
    #expect(scene.post("/v1/subjects/user/alice/stop").status == 200)
    let again = scene.post("/v1/subjects/user/alice/stop", "{}")
    #expect(again.status == 200 && again.member("since")?.asString == "2025-06-16T12:00:00Z")
    #expect(scene.post("/v1/subjects/user/alice/resume").member("was_stopped")?.asBool == true)
    #expect(scene.post("/v1/subjects/user/alice/resume").member("was_stopped")?.asBool == false)
  }

  @Test(
    "what is no subject, and a body that says something else, is refused",
    arguments: [
      ("/v1/subjects/id/7/stop", ""), ("/v1/subjects/reservation/7/stop", ""),
      ("/v1/subjects/token_type/input/stop", ""),
      ("/v1/subjects/agent/a/stop", #"{"reason": 5}"#), ("/v1/subjects/agent/a/stop", #"{"because": "x"}"#),
      ("/v1/subjects/agent/a/stop", "[]"), ("/v1/subjects/agent/a/resume", #"{"reason": "x"}"#),
      ("/v1/subjects/agent/\(String(repeating: "x", count: 257))/stop", ""),
    ])
  func refused(path: String, body: String) {
    let scene = ControlScene(isOperator: true)
    #expect(scene.post(path, body).isProblem(400, "invalid-request"))
    #expect(scene.ledger.stoppedSubjects().isEmpty)
  }

  @Test("agents may look, but neither stop nor resume")
  func roles() {
    let scene = ControlScene()
    #expect(scene.get("/v1/subjects").status == 200)
    #expect(scene.post("/v1/subjects/agent/a/stop").status == 403)
    #expect(scene.post("/v1/subjects/agent/a/resume").status == 403)
  }

  @Test("a stopped agent is allocated nothing from a pool")
  func pools() {
    let scene = ControlScene(isOperator: true) { $0.pools = [Pool(name: "context", tokens: 1000)] }
    _ = scene.ledger.stop(Tag(key: "task", value: "t1"), reason: "")
    switch scene.ledger.allocate(AllocationRequest(pool: "context", agent: "a", task: "t1")) {
    case .stopped(let stop): #expect(stop.subject.value == "t1")
    default: #expect(Bool(false), "it was allocated something")
    }
  }
}

@Suite("Throttle, stop and parents over HTTP")
struct LimitAnswerTests {
  @Test("C16: a throttled grant says how long to wait")
  func throttle() {
    let scene = ControlScene([
      .test(limit: 1_000_000, per: [], window: .fixed(.hours(1)), throttleAt: 900_000)
    ])
    _ = scene.post("/v1/reservations", #"{"tokens": 910000, "ttl": "30m"}"#)
    let first = scene.post("/v1/reservations", #"{"tokens": 250, "ttl": "30m"}"#)
    #expect(first.status == 201 && first.member("decision")?.asString == "warn", "\(first.string)")
    #expect(first.member("advice", "delay")?.asString == "0s")
    scene.clock.advance(1)
    let second = scene.post("/v1/reservations", #"{"tokens": 100, "ttl": "30m"}"#)
    #expect(second.status == 201 && second.member("decision")?.asString == "throttle")
    #expect(second.member("advice", "delay")?.asString == "9s")
    #expect(second.member("expires_at")?.asString == "2025-06-16T12:30:10Z")
    // 100 tokens of 89,750 that are left for 3,599 s.
    let third = scene.post("/v1/check", #"{"tokens": 1}"#)
    #expect(third.member("advice", "delay")?.asString == "13.011s", "\(third.string)")
  }

  @Test("C12: an account that can be stopped shows it, and what grace is left")
  func stop() {
    let scene = ControlScene([.test(limit: 1000, stopGrace: 200)])
    let body = #"{"tags": {"agent": "a"}, "tokens": 1100}"#
    let granted = scene.post("/v1/reservations", body)
    #expect(granted.status == 201 && granted.member("decision")?.asString == "warn")
    let account = granted.member("accounts")?.asArray?.first?.asObject
    #expect(account?["stopped"]?.asBool == false && account?["grace_remaining"]?.asInt64 == 100)
    _ = scene.post("/v1/usage", #"{"tags": {"agent": "a"}, "tokens": 1200}"#)
    let denied = scene.post("/v1/check", #"{"tags": {"agent": "a"}, "tokens": 1}"#)
    #expect(denied.isProblem(429, "budget-exhausted"))
    #expect(denied.member("stopped")?.asBool == true && denied.member("grace_remaining")?.asInt64 == 0)
    #expect(denied.member("retry_after")?.asInt64 == 43_200)
  }

  @Test("budgets show what they do near and past their limit, and who is above them")
  func budgets() throws {
    let scene = ControlScene([
      .test("all", limit: 5000, per: [], countsOwn: false),
      .test("some", limit: 1000, throttleAt: 900_000, stopGrace: 5, parent: "all"),
    ])
    let all = try #require(scene.get("/v1/budgets").json?.asArray?.map { $0.asObject })
    #expect(all[0]?["match"]?.asString == "none" && all[0]?["parent"]?.isNull == true)
    #expect(all[1]?["parent"]?.asString == "all" && all[1]?["stop_grace"]?.asInt64 == 5)
    #expect(all[1]?["throttle_at"]?.asNumber?.text == "0.9")
  }
}
