import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("Jobs over HTTP")
struct JobVerbTests {
  private static let batch = Budget.test("batch", limit: 10_000, per: ["job"], window: .lifetime(idleExpiry: nil))

  private func use(_ scene: ControlScene, _ amounts: String, job: String = "docs") {
    #expect(scene.post("/v1/usage", #"{"tags": {"job": "\#(job)"}, "model": "m1", \#(amounts)}"#).status == 200)
  }

  @Test("C19: a job says what is done, what the rest takes and how many items the budget pays for")
  func progress() throws {
    let scene = ControlScene([Self.batch])
    #expect(scene.send(.put, "/v1/jobs/docs", body: Array(#"{"items": 40}"#.utf8)).status == 200)
    use(scene, #""tokens": 1000, "requests": 1, "items": 1"#)
    scene.clock.advance(20)
    use(scene, #""tokens": 3000, "requests": 4, "items": 4"#)
    let answer = scene.get("/v1/jobs/docs")
    #expect(answer.status == 200)
    #expect(
      try answer.json
        == json(
          """
          {"job": "docs", "done": 5, "total": 40, "percent": 12.5, "tokens": 4000, "cost_usd": "0.01", "requests": 5,
           "tokens_per_item": 800.0, "cost_usd_per_item": "0.002", "started_at": "2025-06-16T12:00:00Z",
           "last_used_at": "2025-06-16T12:00:20Z", "elapsed_seconds": 20.0, "items_per_second": 0.25,
           "rest": {"items": 35, "tokens": 28000, "cost_usd": "0.07", "seconds": 140,
                    "finishes_at": "2025-06-16T12:02:40Z"},
           "affordable": {"items": 7, "covers_rest": false, "budget": "batch", "tags": {"job": "docs"},
                          "unit": "tokens", "remaining": 6000, "resets_at": null}}
          """))
  }

  @Test("C19: a declared job without use reads as nothing done; an unknown one is a problem")
  func declared() throws {
    let scene = ControlScene([Self.batch]) { $0.activities.jobs = ["nightly": 7] }
    let answer = scene.get("/v1/jobs/nightly")
    #expect(answer.status == 200 && answer.member("done")?.asInt64 == 0 && answer.member("total")?.asInt64 == 7)
    #expect(answer.member("percent") == .number(JSONNumber(literal: "0.0")!) && answer.member("affordable") == .null)
    #expect(
      try answer.member("rest")
        == json(#"{"items": 7, "tokens": null, "cost_usd": null, "seconds": null, "finishes_at": null}"#))
    #expect(scene.get("/v1/jobs/other").isProblem(404, "unknown-job"))
  }

  @Test("the list has every known job, by name")
  func list() {
    let scene = ControlScene { $0.activities.jobs = ["b": 7] }
    use(scene, #""items": 2"#, job: "c")
    use(scene, #""items": 3"#, job: "a")
    let jobs = scene.get("/v1/jobs").json?.asArray ?? []
    #expect(jobs.map { $0.asObject?["job"]?.asString } == ["a", "b", "c"])
    #expect(jobs.map { $0.asObject?["done"]?.asInt64 } == [3, 0, 2])
    #expect(jobs.allSatisfy { $0.asObject?["affordable"] == nil })
  }

  @Test(
    "a declaration that says nothing sensible is refused",
    arguments: [
      "", "[]", "{}", #"{"items": 0}"#, #"{"items": -4}"#, #"{"items": 1.5}"#, #"{"items": "9"}"#, #"{"items": 1e30}"#,
      #"{"items": 5, "total": 5}"#,
    ])
  func refused(body: String) {
    let scene = ControlScene()
    #expect(scene.send(.put, "/v1/jobs/docs", body: Array(body.utf8)).isProblem(400, "invalid-request"))
    #expect(scene.get("/v1/jobs/docs").status == 404)
  }

  @Test("a table that is full says so")
  func full() {
    let scene = ControlScene { $0.activities.most = 8 }
    for job in 0..<8 {
      #expect(scene.send(.put, "/v1/jobs/j\(job)", body: Array(#"{"items": 1}"#.utf8)).status == 200)
    }
    let answer = scene.send(.put, "/v1/jobs/late", body: Array(#"{"items": 1}"#.utf8))
    #expect(answer.isProblem(503, "too-many-jobs") && answer.headers["retry-after"] == "60")
    #expect(scene.send(.put, "/v1/jobs/j3", body: Array(#"{"items": 9}"#.utf8)).member("total")?.asInt64 == 9)
  }

  @Test("usage and settles answer with the call's anomaly score, null while too few calls are known")
  func anomaly() throws {
    let scene = ControlScene()
    let call = #"{"agent": "a", "cost_usd": "0.01", "requests": 1}"#
    for _ in 0..<20 { #expect(scene.post("/v1/usage", call).member("anomaly") == .null) }
    #expect(try scene.post("/v1/usage", call).member("anomaly") == json(Self.score("0.0", cost: "0.01")))
    let costly = #"{"agent": "a", "cost_usd": "0.1", "requests": 1}"#
    // Of an array, the call that stands out most: ln(10) / 0.25 deviations.
    #expect(
      try scene.post("/v1/usage", "[\(call), \(costly), \(call)]").member("anomaly")
        == json(Self.score("9.21", cost: "0.1")))
    let id = try scene.reserve(10)
    let settle = "/v1/reservations/\(id)/settle"
    let score = scene.post(settle, #"{"cost_usd": "0.1"}"#).member("anomaly", "score")?.asNumber
    #expect(Double(score?.text ?? "").map { (9...9.2).contains($0) } == true)
    #expect(scene.post(settle, #"{"cost_usd": "0.1"}"#).member("anomaly") == .null)
    #expect(scene.post("/v1/usage", #"{"agent": "b", "cost_usd": "0.1"}"#).member("anomaly") == .null)
  }

  private static func score(_ score: String, cost: String) -> String {
    #"{"score": \#(score), "cost_usd": "\#(cost)", "typical_usd": "0.01"}"#
  }
}
