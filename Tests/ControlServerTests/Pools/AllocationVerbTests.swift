import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("Allocations over HTTP")
struct AllocationVerbTests {
  private let scene = ControlScene(isOperator: true) { settings in
    settings.pools = [
      Pool(name: "context", tokens: 128_000),
      Pool(name: "team:a/b", tokens: 10_000, reserveForCritical: Ratio(millionths: 100_000)),
    ]
  }

  private func allocate(_ members: String = "", pool: String = "context", agent: String = "a") -> Answer {
    scene.post("/v1/allocations", #"{"pool": "\#(pool)", "agent": "\#(agent)"\#(members)}"#)
  }

  private func use(_ id: String, _ body: String) -> Answer { scene.post("/v1/allocations/\(id)/usage", body) }

  private func pool(_ name: String = "context") -> JSONObject? {
    scene.get("/v1/allocations", ["pool": name]).member("pools")?.asArray?.first?.asObject
  }

  private func number(_ member: String, in pool: String = "context") -> Int64? { self.pool(pool)?[member]?.asInt64 }

  @Test("an allocation is made with its id, its shares and its place")
  func allocate() throws {
    let answer = allocate(#", "task": "t", "priority": "HIGH", "ttl": "10m""#)
    #expect(answer.status == 201)
    let id = try answer.text("id")
    #expect(answer.headers["location"] == "/v1/allocations/\(id)")
    let expected = try json(
      """
      {"allocation": 1, "pool": "context", "agent": "a", "task": "t", "priority": "high", "granted": 96000,
       "lookup": 86400, "reasoning": 9600, "used": 0, "used_lookup": 0, "used_reasoning": 0, "remaining": 96000,
       "used_ratio": 0.0, "warned": false, "stopped": false, "since": "2025-06-16T12:00:00Z",
       "expires_at": "2025-06-16T12:10:00Z"}
      """)
    #expect(answer.json(without: "id") == expected, "\(answer.string)")
    #expect(scene.get("/v1/allocations/\(id)").json == expected)
    scene.clock.advance(600)
    #expect(scene.get("/v1/allocations/\(id)").isProblem(404, "unknown-allocation"))
    #expect(use(id, #"{"tokens": 1}"#).isProblem(409, "closed-allocation"))
  }

  @Test("A16: never more than max_tokens; of 0 nothing is granted")
  func cap() {
    #expect(allocate(#", "max_tokens": 500"#).member("granted")?.asInt64 == 500)
    #expect(allocate(#", "max_tokens": 1000000"#).member("granted")?.asInt64 == 64_000)
    let denied = allocate(#", "max_tokens": 0"#)
    #expect(denied.isProblem(429, "nothing-requested"))
    #expect(denied.member("granted")?.asInt64 == 0)
    #expect(denied.headers["retry-after"] == nil, "waiting does not help")
  }

  @Test("A17, A18: use past the grant is 429 with agent, budget and use, and is counted; warn and stop are told once")
  func exceeded() throws {
    let id = try allocate(#", "max_tokens": 100"#, agent: "scout").text("id")
    #expect(use(id, #"{"lookup": 85}"#).member("warned")?.asBool == true)
    #expect(use(id, #"{"reasoning": 15}"#).member("stopped")?.asBool == true)
    for used in [101, 102] as [Int64] {
      let answer = use(id, #"{"tokens": 1}"#)
      #expect(answer.isProblem(429, "allocation-exceeded"))
      #expect(answer.member("agent")?.asString == "scout")
      #expect(answer.member("budget")?.asInt64 == 100)
      #expect(answer.member("used")?.asInt64 == used)
    }
    #expect(number("used") == 102)
    #expect(scene.events.told == ["context warn", "context exhausted"])
  }

  @Test("A19: an empty pool is 429 and says how it stands")
  func exhausted() {
    _ = allocate(#", "priority": "critical""#)
    let denied = allocate(#", "priority": "low""#, agent: "late")
    #expect(denied.isProblem(429, "pool-exhausted"))
    #expect(denied.member("agent")?.asString == "late")
    #expect(denied.member("requested")?.asInt64 == 32_000)
    #expect(denied.member("available")?.asInt64 == 0)
    #expect(denied.member("retry_after") == .null)
  }

  @Test("A20: the same agent has two allocations, and each is used for itself")
  func twice() throws {
    let ids = try (0..<2).map { _ in try allocate(#", "max_tokens": 10"#).text("id") }
    #expect(ids[0] != ids[1])
    #expect(use(ids[0], #"{"tokens": 10}"#).member("stopped")?.asBool == true)
    #expect(use(ids[1], #"{"tokens": 1}"#).member("used")?.asInt64 == 1)
    #expect(number("allocated") == 20)
    #expect(number("active_agents") == 1)
  }

  @Test("A22-24: a release answers the final record, a second time too, and the pool has everything back")
  func release() throws {
    let id = try allocate(#", "task": "t""#).text("id")
    _ = use(id, #"{"lookup": 40, "reasoning": 2}"#)
    #expect(number("available") == 64_000)
    for _ in 0..<2 {
      let record = scene.delete("/v1/allocations/\(id)")
      #expect(record.status == 200)
      #expect(record.member("ended")?.asString == "released")
      #expect(record.member("used")?.asInt64 == 42)
      #expect(record.member("ended_at")?.asString == "2025-06-16T12:00:00Z")
    }
    #expect(number("available") == 128_000)
    #expect(number("history") == 1)
    let late = use(id, #"{"tokens": 1}"#)
    #expect(late.isProblem(409, "closed-allocation"))
    #expect(late.member("used")?.asInt64 == 43, "counted all the same")
  }

  @Test("A22-24: the report has each pool's numbers and each open allocation, and no id")
  func report() throws {
    let ids = try ["a", "b"].map { try allocate(#", "priority": "low""#, agent: $0).text("id") }
    _ = use(ids[1], #"{"tokens": 32000}"#)
    let found = try #require(pool())
    #expect(found["tokens"]?.asInt64 == 128_000)
    #expect(found["utilisation"]?.asNumber?.double == 0.5)
    #expect(found["active_agents"]?.asInt64 == 2)
    let rows = found["allocations"]?.asArray?.compactMap(\.asObject) ?? []
    #expect(rows.map { $0["agent"]?.asString } == ["a", "b"])
    #expect(rows.map { $0["stopped"]?.asBool } == [false, true])
    #expect(rows.map { $0["remaining"]?.asInt64 } == [32_000, 0])
    let text = scene.get("/v1/allocations").string
    #expect(ids.allSatisfy { !text.contains($0) })
    #expect(scene.get("/v1/allocations").member("pools")?.asArray?.count == 2)
  }

  @Test("A26: a share of the pool is kept for critical work")
  func critical() {
    for _ in 0..<4 { _ = allocate(#", "priority": "high""#, pool: "team:a/b") }
    #expect(allocate(#", "priority": "high""#, pool: "team:a/b").isProblem(429, "pool-exhausted"))
    #expect(allocate(#", "priority": "critical""#, pool: "team:a/b").member("granted")?.asInt64 == 1_000)
  }

  @Test("an operator's top-up makes the pool larger, or one allocation; the name may be written with escapes")
  func topUp() throws {
    let path = "/v1/pools/team%3Aa%2Fb/top-up"
    #expect(scene.post(path, #"{"tokens": 5}"#).member("tokens")?.asInt64 == 10_005)
    let made = allocate(#", "priority": "low""#, pool: "team:a/b")
    let id = try made.text("id")
    _ = use(id, #"{"tokens": 2501}"#)
    #expect(scene.get("/v1/allocations/\(id)").member("stopped")?.asBool == true)
    let number = try #require(made.member("allocation")?.asInt64)
    #expect(scene.post(path, #"{"tokens": 1000, "allocation": \#(number)}"#).status == 200)
    let allocation = scene.get("/v1/allocations/\(id)")
    #expect(allocation.member("granted")?.asInt64 == 3501)
    #expect(allocation.member("stopped")?.asBool == false)
    #expect(scene.events.told.last == "team:a/b resume")
  }
}
