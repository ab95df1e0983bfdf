import BudgetCore
import JSONText
import Testing

@Suite("Change limits and use")
struct LimitVerbTests {
  private static let team = [TagPattern(key: "team", glob: "t")]

  private let scene = ControlScene(
    [
      .test(limit: 1000), .test("money", limit: 5 * Money.picodollarsPerDollar, unit: .cost, per: []),
      .test("both", limit: 100, per: [], match: Self.team),
      .test("both", limit: 10, unit: .requests, per: [], match: Self.team),
      .test("session", limit: 500, per: ["session"], window: .lifetime(idleExpiry: nil)),
      .test("team:a/b c", limit: 7, per: [], match: Self.team),
    ], isOperator: true)

  private func use(_ tokens: Int, agent: String = "a") {
    _ = scene.post("/v1/usage", #"{"agent": "\#(agent)", "session": "s-\#(agent)", "tokens": \#(tokens)}"#)
  }

  /// Limit, configured limit where it differs, and use of an account.
  private func account(_ budget: String = "daily", _ query: KeyValuePairs<String, String> = ["agent": "a"]) -> String {
    summary(scene.get("/v1/budgets/\(budget)/accounts", query).json?.asArray?.first)
  }

  private func accounts(in answer: Answer) -> [String] { (answer.member("accounts")?.asArray ?? []).map(summary) }

  private func summary(_ account: JSONValue?) -> String {
    func shown(_ member: String) -> String? {
      guard let value = account?.asObject?[member] else { return nil }
      return String(decoding: value.bytes(), as: UTF8.self)
    }
    let configured = shown("configured_limit").map { " (\($0))" } ?? ""
    return "\(shown("used") ?? "?") of \(shown("limit") ?? "?")\(configured)"
  }

  @Test("a top-up of one account counts at once and ends with its window")
  func topUp() throws {
    use(900)
    use(900, agent: "b")
    let answer = scene.post("/v1/budgets/daily/top-up", #"{"tags": {"agent": "a"}, "amount": 500}"#)
    #expect(answer.status == 200)
    #expect(accounts(in: answer) == ["900 of 1500 (1000)"])
    #expect(answer.member("accounts")?.asArray?.first?.asObject?["remaining"]?.asInt64 == 600)
    #expect(account("daily", ["agent": "b"]) == "900 of 1000")
    #expect(scene.post("/v1/reservations", #"{"agent": "a", "tokens": 600}"#).status == 201)
    scene.clock.advance(86_400)
    #expect(account() == "0 of 1000")
  }

  @Test(
    "a top-up may end sooner, at a time or after a while; dollars come as text or as a number",
    arguments: [
      #""until": "1h", "amount": "2.50""#, #""until": "2025-06-16T13:00:00Z", "amount": 2.5"#,
      #""until": "2025-06-16T15:00:00+02:00", "unit": "cost_usd", "amount": "2.5""#,
    ])
  func topUpUntil(members: String) {
    let answer = scene.post("/v1/budgets/money/top-up", "{\(members)}")
    #expect(accounts(in: answer) == [#""0" of "7.5" ("5")"#], "\(answer.string)")
    scene.clock.advance(3599)
    #expect(account("money", [:]) == #""0" of "7.5" ("5")"#)
    scene.clock.advance(1)
    #expect(account("money", [:]) == #""0" of "5""#)
  }

  @Test("a limit is set for every account of a budget or for one, and taken back")
  func override() {
    use(10)
    use(10, agent: "b")
    #expect(accounts(in: scene.put("/v1/budgets/daily", #"{"limit": 2000}"#)).count == 2)
    #expect(account() == "10 of 2000 (1000)")
    let own = scene.put("/v1/budgets/daily", #"{"limit": "unlimited", "tags": {"agent": "a"}}"#)
    #expect(accounts(in: own) == ["10 of null (1000)"])
    #expect(account("daily", ["agent": "b"]) == "10 of 2000 (1000)")
    use(1, agent: "c")
    #expect(account("daily", ["agent": "c"]) == "1 of 2000 (1000)", "an account that is made later")
    #expect(accounts(in: scene.delete("/v1/budgets/daily", #"{"tags": {"agent": "a"}}"#)) == ["10 of 2000 (1000)"])
    #expect(scene.delete("/v1/budgets/daily").status == 200)
    #expect(account() == "10 of 1000")
    #expect(scene.delete("/v1/budgets/daily").status == 200, "a second time alike")
    #expect(scene.get("/v1/budgets/daily").status == 200, "the budget itself stays")
  }

  @Test("a limit of 0 denies, and ends with its time")
  func overrideUntil() {
    #expect(scene.put("/v1/budgets/daily", #"{"limit": 0, "until": "10m"}"#).status == 200)
    #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 1}"#).isProblem(429, "budget-exhausted"))
    scene.clock.advance(600)
    #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 1}"#).status == 200)
  }

  @Test("A17: a top-up and a larger limit resume what was exhausted, once each")
  func resume() {
    use(1000)
    use(1000, agent: "b")
    #expect(scene.events.told.filter { $0.hasPrefix("daily") }.suffix(2) == ["daily warn", "daily exhausted"])
    _ = scene.post("/v1/budgets/daily/top-up", #"{"tags": {"agent": "a"}, "amount": 1000}"#)
    _ = scene.put("/v1/budgets/daily", #"{"limit": 5000}"#)
    #expect(scene.events.told.filter { $0 == "daily resume" }.count == 2)
  }

  @Test("A7: a reset of one agent leaves the others, its holds and its limit")
  func reset() throws {
    use(900)
    use(800, agent: "b")
    _ = try scene.reserve(50)
    _ = scene.post("/v1/budgets/daily/top-up", #"{"tags": {"agent": "a"}, "amount": 5}"#)
    let answer = scene.post("/v1/budgets/daily/reset", #"{"tags": {"agent": "a"}}"#)
    #expect(accounts(in: answer) == ["0 of 1005 (1000)"])
    #expect(scene.account("daily", ["agent": "a"]) == "used 0, reserved 50")
    #expect(scene.account("daily", ["agent": "b"]) == "used 800, reserved 0")
    #expect(accounts(in: scene.post("/v1/budgets/daily/reset")).count == 2)
    #expect(scene.account("daily", ["agent": "b"]) == "used 0, reserved 0")
    #expect(accounts(in: scene.post("/v1/budgets/daily/reset", #"{"tags": {"agent": "nobody"}}"#)) == [])
  }

  @Test("D15-17: a session is read, reset and spent anew")
  func session() {
    use(500)
    #expect(scene.post("/v1/check", #"{"session": "s-a", "tokens": 1}"#).isProblem(429, "budget-exhausted"))
    let alerts = scene.get("/v1/alerts").json?.asArray?.compactMap { $0.asObject?["budget"]?.asString }
    #expect(alerts?.contains("session") == true)
    let answer = scene.post("/v1/budgets/session/reset", #"{"tags": {"session": "s-a"}}"#)
    #expect(accounts(in: answer) == ["0 of 500"])
    #expect(scene.post("/v1/check", #"{"session": "s-a", "tokens": 500}"#).status == 200)
  }

  @Test("a budget with limits in two units is changed in the one that is named, and reset in both")
  func units() {
    _ = scene.post("/v1/usage", #"{"tags": {"team": "t"}, "tokens": 50, "requests": 5}"#)
    #expect(
      accounts(in: scene.post("/v1/budgets/both/top-up", #"{"unit": "requests", "amount": 5}"#)) == ["5 of 15 (10)"])
    #expect(accounts(in: scene.put("/v1/budgets/both", #"{"unit": "tokens", "limit": 60}"#)) == ["50 of 60 (100)"])
    #expect(accounts(in: scene.post("/v1/budgets/both/reset", #"{"unit": "requests"}"#)) == ["0 of 15 (10)"])
    #expect(accounts(in: scene.post("/v1/budgets/both/reset")) == ["0 of 60 (100)", "0 of 15 (10)"])
  }

  @Test(
    "a name may be written with escapes",
    arguments: ["team:a%2Fb%20c", "team%3Aa%2fb%20c", "%74eam:a%2Fb%20c"])
  func escapedNames(name: String) {
    #expect(accounts(in: scene.post("/v1/budgets/\(name)/top-up", #"{"amount": 3}"#)) == ["0 of 10 (7)"])
    #expect(accounts(in: scene.put("/v1/budgets/\(name)", #"{"limit": 1}"#)).count == 1)
    #expect(scene.post("/v1/budgets/\(name)/reset").status == 200)
    #expect(scene.delete("/v1/budgets/\(name)").status == 200)
    #expect(scene.post("/v1/budgets/team:a/b%20c/top-up", #"{"amount": 3}"#).status == 404, "a slash that separates")
  }
}
