import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("Changes of limits that are refused")
struct LimitRefusalTests {
  private static let budgets: [Budget] = [
    .test(limit: 1000), .test("money", limit: Money.picodollarsPerDollar, unit: .cost, per: []),
    .test("free", limit: nil, per: []), .test("both", limit: 100, per: []),
    .test("both", limit: 10, unit: .requests, per: []),
  ]

  private let scene = ControlScene(budgets, isOperator: true)

  private static let topUps: [(budget: String, members: String, member: String)] = [
    ("daily", "", "amount"), ("daily", #""amount": null"#, "amount"), ("daily", #""amount": 0"#, "amount"),
    ("daily", #""amount": -5"#, "amount"), ("daily", #""amount": 0.5"#, "amount"),
    ("daily", #""amount": "5""#, "amount"),
    ("daily", #""amount": 1e400"#, "amount"), ("daily", #""amount": 1000000000000000001"#, "amount"),
    ("daily", #""amount": "unlimited""#, "amount"), ("daily", #""amount": [5]"#, "amount"),
    ("daily", #""amount": 5, "amounts": 5"#, "amounts"), ("daily", #""amount": 5, "limit": 5"#, "limit"),
    ("daily", #""amount": 5, "tags": {"user": "u"}"#, "tags"), ("daily", #""amount": 5, "tags": {}"#, "tags"),
    ("daily", #""amount": 5, "tags": {"agent": "a", "user": "u"}"#, "tags"),
    ("daily", #""amount": 5, "tags": 7"#, "tags"),
    ("daily", #""amount": 5, "tags": {"agent": []}"#, "tags.agent"), ("daily", #""amount": 5, "unit": "usd""#, "unit"),
    ("daily", #""amount": 5, "unit": "requests""#, "unit"), ("daily", #""amount": 5, "unit": 5"#, "unit"),
    ("both", #""amount": 5"#, "unit"), ("money", #""amount": "0""#, "amount"), ("money", #""amount": "-1""#, "amount"),
    ("money", #""amount": "$1""#, "amount"), ("money", #""amount": "1e400""#, "amount"),
    ("money", #""amount": "1000000000001""#, "amount"), ("money", #""amount": "NaN""#, "amount"),
    ("money", #""amount": "1", "until": "soon""#, "until"), ("money", #""amount": "1", "until": 5"#, "until"),
    ("money", #""amount": "1", "until": "0s""#, "until"), ("money", #""amount": "1", "until": "-1h""#, "until"),
    ("money", #""amount": "1", "until": "2025-06-16T12:00:00Z""#, "until"),
    ("money", #""amount": "1", "until": "2025-06-16""#, "until"),
  ]

  @Test("a top-up names the member that is wrong and changes nothing", arguments: topUps)
  func topUp(budget: String, members: String, member: String) {
    let before = scene.get("/v1/status").string
    let answer = scene.post("/v1/budgets/\(budget)/top-up", "{\(members)}")
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member, "\(answer.string)")
    #expect(scene.get("/v1/status").string == before)
  }

  @Test(
    "so does a limit",
    arguments: [
      ("", "limit"), (#""limit": null"#, "limit"), (#""limit": -1"#, "limit"), (#""limit": "1000""#, "limit"),
      (#""limit": "Unlimited""#, "limit"), (#""limit": 0.1"#, "limit"), (#""limit": 99999999999999999999"#, "limit"),
      (#""limit": 5, "amount": 5"#, "amount"), (#""limit": 5, "tags": {"agent": "a", "model": "m"}"#, "tags"),
      (#""limit": 5, "until": "yesterday""#, "until"),
    ])
  func override(members: String, member: String) {
    let answer = scene.put("/v1/budgets/daily", "{\(members)}")
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member, "\(answer.string)")
  }

  @Test("a reset and the end of an override say what they do not know", arguments: [HTTPMethod.post, .delete])
  func strangers(method: HTTPMethod) {
    let path = method == .post ? "/v1/budgets/daily/reset" : "/v1/budgets/daily"
    for (body, member) in [
      (#"{"limit": 5}"#, "limit"), (#"{"unit": "usd"}"#, "unit"), (#"{"tags": {"user": "u"}}"#, "tags"),
    ] {
      let answer = scene.send(method, path, body: Array(body.utf8))
      #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
      #expect(answer.member("member")?.asString == member, "\(answer.string)")
    }
    for body in ["[]", "{", "null", "5"] {
      #expect(scene.send(method, path, body: Array(body.utf8)).isProblem(400, "invalid-request"), "\(body)")
    }
  }

  @Test("an account without a limit and one with 64 top-ups take no more")
  func conflicts() {
    #expect(scene.post("/v1/budgets/free/top-up", #"{"amount": 5}"#).isProblem(409, "about:blank"))
    for _ in 0..<64 { #expect(scene.post("/v1/budgets/money/top-up", #"{"amount": "0.01"}"#).status == 200) }
    #expect(scene.post("/v1/budgets/money/top-up", #"{"amount": "0.01"}"#).isProblem(409, "about:blank"))
    let money = scene.get("/v1/budgets/money/accounts").json?.asArray?.first?.asObject
    #expect(money?["limit"]?.asString == "1.64")
  }

  @Test(
    "D20: an unknown budget is 404 before anything else is looked at",
    arguments: [
      (HTTPMethod.put, ""), (.delete, ""), (.post, "/top-up"), (.post, "/reset"),
    ])
  func unknown(method: HTTPMethod, verb: String) {
    for name in ["none", "DAILY", "%E2%82%AC", "daily%20"] {
      let answer = scene.send(method, "/v1/budgets/\(name)\(verb)", body: Array("{".utf8))
      #expect(answer.isProblem(404, "unknown-budget"), "\(answer.string)")
    }
  }

  @Test(
    "another method is 405 and says which there are",
    arguments: [
      (HTTPMethod.post, "/v1/budgets/daily", "DELETE, GET, HEAD, OPTIONS, PUT"),
      (.get, "/v1/budgets/daily/top-up", "OPTIONS, POST"), (.put, "/v1/budgets/daily/reset", "OPTIONS, POST"),
      (.delete, "/v1/budgets", "GET, HEAD, OPTIONS"), (.patch, "/v1/budgets/none", "DELETE, GET, HEAD, OPTIONS, PUT"),
    ])
  func methods(method: HTTPMethod, path: String, allowed: String) {
    let answer = scene.send(method, path, body: Array(#"{"limit": 5, "amount": 5}"#.utf8))
    #expect(answer.isProblem(405, "about:blank"))
    #expect(answer.headers["allow"] == allowed)
  }

  @Test("only an operator changes anything: without tokens nobody, with them not an agent and no stranger")
  func roles() {
    let (agents, operators) = (
      TemporaryFile("an-agents-token-0123456789"), TemporaryFile("an-operators-token-0123456789")
    )
    let gatekeeper = Gatekeeper(
      Gatekeeper.Credentials(operators: TokenFile(path: operators.path), agents: TokenFile(path: agents.path)))
    let (closed, guarded) = (ControlScene(Self.budgets), ControlScene(Self.budgets, gatekeeper: gatekeeper))
    let acts: [(HTTPMethod, String, String)] = [
      (.put, "/v1/budgets/daily", #"{"limit": 5}"#), (.delete, "/v1/budgets/daily", ""),
      (.post, "/v1/budgets/money/top-up", #"{"amount": "1"}"#), (.post, "/v1/budgets/daily/reset", ""),
    ]
    for (method, path, body) in acts {
      let body = Array(body.utf8)
      #expect(
        closed.send(method, path, body: body, token: "an-operators-token-0123456789").isProblem(403, "about:blank"))
      let stranger = guarded.send(method, path, body: body)
      #expect(stranger.isProblem(401, "about:blank"))
      #expect(stranger.headers["www-authenticate"] == "Bearer")
      #expect(guarded.send(method, path, body: body, token: "x").isProblem(401, "about:blank"))
      let agent = guarded.send(method, path, body: body, token: "an-agents-token-0123456789")
      #expect(agent.isProblem(403, "about:blank"))
    }
    let status = guarded.send(.get, "/v1/budgets/money/accounts", token: "an-agents-token-0123456789")
    #expect(status.json?.asArray?.first?.asObject?["limit"]?.asString == "1")
    let done = guarded.send(
      .put, "/v1/budgets/daily", body: Array(#"{"limit": 5}"#.utf8), token: "an-operators-token-0123456789")
    #expect(done.status == 200)
  }
}
