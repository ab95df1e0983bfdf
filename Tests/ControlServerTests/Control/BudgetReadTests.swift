import BudgetCore
import ControlServer
import JSONText
import LedgerAccess
import Testing

@Suite("Read budgets and accounts")
struct BudgetReadTests {
  private let scene = ControlScene([
    .test(limit: 1000, per: ["agent", "user"], match: [TagPattern(key: "agent", glob: "a*")]),
    .test("org", limit: 5 * Money.picodollarsPerDollar / 2, unit: .cost, per: [], mode: .shadow, onExpiry: .refund),
    .test("org", limit: nil, unit: .requests, per: [], window: .lifetime(idleExpiry: nil)),
  ])

  private let budgets = [
    """
    {"name": "daily", "unit": "tokens", "limit": 1000, "window": "day", "match": {"agent": "a*"},
     "per": ["agent", "user"], "warn_at": 0.8, "mode": "enforce", "on_expiry": "charge",
     "parent": null, "throttle_at": null, "on_forecast": null, "rollover": null, "stop_grace": null}
    """,
    """
    {"name": "org", "unit": "cost_usd", "limit": "2.5", "window": "day", "match": {}, "per": [], "warn_at": 0.8,
     "mode": "shadow", "on_expiry": "refund", "parent": null, "throttle_at": null,
     "on_forecast": null, "rollover": null, "stop_grace": null}
    """,
    """
    {"name": "org", "unit": "requests", "limit": null, "window": "lifetime", "match": {}, "per": [], "warn_at": 0.8,
     "mode": "enforce", "on_expiry": "charge", "parent": null, "throttle_at": null,
     "on_forecast": null, "rollover": null, "stop_grace": null}
    """,
  ]

  @Test("the budgets are listed as configured, one for each unit")
  func list() throws {
    #expect(scene.get("/v1/budgets").json == (try json("[\(budgets.joined(separator: ","))]")))
    #expect(scene.get("/v1/budgets/org").json == (try json("[\(budgets[1]), \(budgets[2])]")))
    #expect(ControlScene().get("/v1/budgets").json == .array([]))
  }

  @Test(
    "D20: an unknown budget is 404 and names those there are",
    arguments: ["/v1/budgets/none", "/v1/budgets/none/accounts"])
  func unknown(path: String) throws {
    let answer = scene.get(path, path.hasSuffix("accounts") ? ["agent": "a"] : [:])
    #expect(answer.isProblem(404, "unknown-budget"))
    #expect(try answer.text("detail") == "No budget is named none. There are daily, org.")
    #expect(try ControlScene().get(path).text("detail") == "No budget is named none. None is configured.")
  }

  @Test("A6: reading an account that does not exist answers zeros and makes none")
  func readingMakesNone() throws {
    let expected = try json(
      """
      [{"budget": "daily", "tags": {"agent": "abc", "user": "u"}, "unit": "tokens", "window": "day", "limit": 1000,
        "used": 0, "reserved": 0, "remaining": 1000, "used_ratio": 0.0, "state": "ok",
        "window_start": "2025-06-16T00:00:00Z", "resets_at": "2025-06-17T00:00:00Z"}]
      """)
    for _ in 0..<2 {
      let answer = scene.get("/v1/budgets/daily/accounts", ["user": "u", "agent": "abc"])
      #expect(answer.json == expected, "\(answer.string)")
    }
    #expect(scene.get("/v1/budgets/org/accounts").json?.asArray?.count == 2)
    #expect(scene.get("/v1/status").member("accounts") == .array([]))
    #expect(scene.ledger.view().0.accountCount == 0)
  }

  @Test("accounts are found by some or all of their tags")
  func filters() {
    for (agent, user) in [("a1", "x"), ("a1", "y"), ("a2", "x"), ("b", "x")] {
      _ = scene.post("/v1/usage", #"{"agent": "\#(agent)", "user": "\#(user)", "tokens": 1}"#)
    }
    func found(_ query: KeyValuePairs<String, String>) -> [String] {
      let accounts = scene.get("/v1/budgets/daily/accounts", query).json?.asArray ?? []
      return accounts.map { account in
        let tags = account.asObject?["tags"]?.asObject
        return "\(tags?["agent"]?.asString ?? "?")/\(tags?["user"]?.asString ?? "?")"
      }.sorted()
    }
    #expect(found([:]) == ["a1/x", "a1/y", "a2/x"])
    #expect(found(["agent": "a1"]) == ["a1/x", "a1/y"])
    #expect(found(["user": "x"]) == ["a1/x", "a2/x"])
    #expect(found(["agent": "a1", "user": "y"]) == ["a1/y"])
    #expect(found(["agent": "a9"]) == [])
    #expect(found(["agent": "a1", "agent": "a2"]) == [])
  }

  @Test("a tag that the accounts do not have is refused by name", arguments: [("daily", "model"), ("org", "agent")])
  func otherTag(budget: String, tag: String) {
    let answer = scene.get("/v1/budgets/\(budget)/accounts", [tag: "x"])
    #expect(answer.isProblem(400, "invalid-request"))
    #expect(answer.member("member")?.asString == tag)
  }

  @Test("the status has the time, every account and the models without a price")
  func status() throws {
    _ = scene.post("/v1/usage", #"{"agent": "a", "user": "u", "model": "unheard-of", "tokens": 1000}"#)
    let answer = scene.get("/v1/status")
    #expect(answer.member("time")?.asString == "2025-06-16T12:00:00Z")
    #expect(answer.member("unpriced_models") == .array([.string("unheard-of")]))
    let accounts = answer.member("accounts")?.asArray?.compactMap(\.asObject) ?? []
    #expect(accounts.map { $0["budget"]?.asString } == ["daily", "org", "org"])
    #expect(accounts.map { $0["state"]?.asString } == ["exhausted", "ok", "ok"])
  }

  @Test("GET answers HEAD, other methods are 405 with Allow")
  func methods() {
    for path in ["/v1/budgets", "/v1/budgets/org", "/v1/budgets/org/accounts", "/v1/status", "/v1/usage"] {
      #expect(scene.send(.head, path).status == 200)
      let answer = scene.send(.patch, path)
      #expect(answer.isProblem(405, "about:blank"))
      #expect(answer.headers["allow"]?.contains("GET") == true)
    }
  }
}
