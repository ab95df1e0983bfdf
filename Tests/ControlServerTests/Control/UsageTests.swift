import BudgetCore
import ControlServer
import JSONText
import LedgerAccess
import Testing
import UsageProtocol

@Suite("Record usage and read it")
struct UsageTests {
  private let scene = ControlScene([.test(limit: 1000), .test("money", limit: nil, unit: .cost, per: [])])

  @Test("A2: recording answers with every account that the usage was counted in")
  func record() throws {
    let answer = scene.post(
      "/v1/usage",
      #"{"tags": {"agent": "a", "model": "m1"}, "tokens": {"input": 100, "output": 10}, "cost_usd": "0.5"}"#)
    #expect(answer.status == 200)
    let expected = try json(
      """
      {"counted": 1, "duplicates": 0, "accounts": [
        {"budget": "daily", "tags": {"agent": "a"}, "unit": "tokens", "window": "day", "limit": 1000, "used": 110,
         "reserved": 0, "remaining": 890, "used_ratio": 0.11, "state": "ok",
         "window_start": "2025-06-16T00:00:00Z", "resets_at": "2025-06-17T00:00:00Z"},
        {"budget": "money", "tags": {}, "unit": "cost_usd", "window": "day", "limit": null, "used": "0.50035",
         "reserved": "0", "remaining": null, "used_ratio": 0.0, "state": "ok",
         "window_start": "2025-06-16T00:00:00Z", "resets_at": "2025-06-17T00:00:00Z"}], "anomaly": null}
      """)
    #expect(answer.json == expected, "\(answer.string)")
  }

  @Test("A2: remaining stops at 0, the ratio does not stop at 1")
  func overspent() {
    let answer = scene.post("/v1/usage", #"{"agent": "a", "tokens": 2500}"#)
    let account = answer.member("accounts")?.asArray?.first?.asObject
    #expect(account?["remaining"]?.asInt64 == 0)
    #expect(account?["used_ratio"]?.asNumber?.double == 2.5)
    #expect(account?["state"]?.asString == "overspent")
  }

  @Test("A18: usage after a denial is counted")
  func afterDenial() {
    #expect(scene.post("/v1/reservations", #"{"agent": "a", "tokens": 1001}"#).status == 429)
    #expect(scene.post("/v1/usage", #"{"agent": "a", "tokens": 1001}"#).status == 200)
    #expect(scene.account("daily", ["agent": "a"]) == "used 1001, reserved 0")
  }

  @Test("A17: one event for each crossing; a jump over several tells each; the window's turn resumes")
  func events() {
    _ = scene.post("/v1/usage", #"{"agent": "a", "tokens": 800}"#)
    _ = scene.post("/v1/usage", #"{"agent": "a", "tokens": 1}"#)
    _ = scene.post("/v1/usage", #"{"agent": "a", "tokens": 500}"#)
    _ = scene.post("/v1/usage", #"{"agent": "a", "tokens": 500}"#)
    scene.clock.advance(86_400)
    _ = scene.get("/v1/status")
    #expect(scene.events.told == ["daily warn", "daily exhausted", "daily exceeded", "daily resume"])
  }

  @Test("an array is counted as a whole, and answers with each account once, as it last stood")
  func array() {
    let answer = scene.post(
      "/v1/usage",
      #"[{"agent": "a", "tokens": 1}, {"agent": "b", "tokens": 2}, {"agent": "a", "tokens": 4, "id": "x"}, "#
        + #"{"agent": "a", "tokens": 4, "id": "x"}]"#)
    #expect(answer.member("counted")?.asInt64 == 3)
    #expect(answer.member("duplicates")?.asInt64 == 1)
    let accounts = answer.member("accounts")?.asArray?.compactMap(\.asObject) ?? []
    let used = accounts.filter { $0["budget"]?.asString == "daily" }.map { account in
      "\(account["tags"]?.asObject?["agent"]?.asString ?? "?") \(account["used"]?.asInt64 ?? -1)"
    }
    #expect(used.sorted() == ["a 5", "b 2"])
    #expect(accounts.count == 3)
  }

  @Test("an empty array counts nothing")
  func emptyArray() throws {
    let expected = try json(#"{"counted": 0, "duplicates": 0, "accounts": [], "anomaly": null}"#)
    #expect(scene.post("/v1/usage", "[]").json == expected)
  }

  @Test("an array with thousands of accounts is answered with each of them once")
  func bigArray() {
    let objects = (0..<3000).map { #"{"agent": "agent-\#($0 % 1500)", "tokens": 1}"# }.joined(separator: ",")
    let answer = ControlScene([.test(limit: 10)]).post("/v1/usage", "[\(objects)]")
    #expect(answer.member("counted")?.asInt64 == 3000)
    let accounts = answer.member("accounts")?.asArray ?? []
    #expect(accounts.count == 1500)
    #expect(accounts.allSatisfy { $0.asObject?["used"]?.asInt64 == 2 })
  }

  @Test("more than 10000 objects are refused")
  func tooMany() {
    let objects = [String](repeating: #"{"tokens":1}"#, count: 10_001).joined(separator: ",")
    #expect(scene.post("/v1/usage", "[\(objects)]").isProblem(400, "invalid-request"))
  }

  @Test("usage with an id that came before is counted once")
  func duplicates() {
    for expected in [1, 0] as [Int64] {
      let answer = scene.post("/v1/usage", #"{"agent": "a", "tokens": 5, "id": "call-1"}"#)
      #expect(answer.member("counted")?.asInt64 == expected)
      #expect(answer.member("duplicates")?.asInt64 == 1 - expected)
    }
    #expect(scene.account("daily", ["agent": "a"]) == "used 5, reserved 0")
  }

  @Test("the same id of another agent is another call")
  func idsOfAgents() {
    for (agent, expected) in [("a", 1), ("b", 1), ("", 1), ("a", 0), ("b", 0), ("", 0)] as [(String, Int64)] {
      let answer = scene.post("/v1/usage", #"{"tags": {"agent": "\#(agent)"}, "tokens": 5, "id": "call-1"}"#)
      #expect(answer.member("counted")?.asInt64 == expected, "\(agent)")
    }
    #expect(scene.account("daily", ["agent": "a"]) == "used 5, reserved 0")
    #expect(scene.account("daily", ["agent": "b"]) == "used 5, reserved 0")
  }

  @Test(
    "usage lines come as text/plain; what is refused is told by reason",
    arguments: ["text/plain", "text/plain; charset=utf-8", "TEXT/PLAIN"])
  func lines(type: String) throws {
    let answer = scene.post(
      "/v1/usage",
      "tokens:5|c|#agent:a\n\r\ntokens:-1|c|#agent:a\nother:1|g\n{\"agent\": \"a\", \"tokens\": 7}\n{\ntokens:1|c|#agent:a",
      type: type)
    #expect(answer.status == 200)
    let expected = #"{"lines": 6, "rejected": {"negative": 1, "bad_json": 1}, "ignored": {"unknown_metric": 1}}"#
    #expect(answer.json == (try json(expected)), "\(answer.string)")
    #expect(scene.account("daily", ["agent": "a"]) == "used 13, reserved 0")
    #expect(scene.lines.tally(of: .http).lines == 6)
  }

  @Test(
    "a body without a type is JSON, as curl sends it",
    arguments: [nil, "application/json", "application/x-www-form-urlencoded"])
  func types(type: String?) {
    #expect(scene.post("/v1/usage", #"{"agent": "a", "tokens": 5}"#, type: type).status == 200)
    #expect(scene.post("/v1/usage", "tokens:5|c", type: type).isProblem(400, "invalid-request"))
  }

  @Test("B7: usage is read by scope over a lookback, most tokens first")
  func read() throws {
    _ = scene.post(
      "/v1/usage",
      #"[{"agent": "a", "tokens": 5, "requests": 2}, {"agent": "b", "tokens": 9}, "#
        + #"{"agent": "c", "tokens": 1, "cost_usd": "0.25"}, {"user": "u", "tokens": 100}]"#)
    let expected = try json(
      """
      [{"agent": "b", "tokens": 9, "cost_usd": "0.000045", "requests": 0},
       {"agent": "a", "tokens": 5, "cost_usd": "0.000025", "requests": 2}]
      """)
    let answer = scene.get("/v1/usage", ["by": "agent", "window": "1h", "top": "2"])
    #expect(answer.json == expected, "\(answer.string)")
    #expect(scene.get("/v1/usage").json?.asArray?.count == 3)
    #expect(scene.get("/v1/usage", ["by": "user"]).json?.asArray?.count == 1)
    scene.clock.advance(3 * 3600)
    #expect(scene.get("/v1/usage", ["window": "1h"]).json == .array([]))
    #expect(scene.get("/v1/usage", ["window": "24h"]).json?.asArray?.count == 3)
  }

  @Test(
    "parameters that cannot be are refused by name",
    arguments: [
      ("window", "2h"), ("window", ""), ("window", "24H"), ("top", "0"), ("top", "-1"), ("top", "10001"),
      ("top", "ten"), ("top", ""), ("top", "99999999999999999999"), ("top", "1.0"), ("limit", "5"), ("By", "agent"),
    ])
  func badParameters(name: String, value: String) {
    let answer = scene.get("/v1/usage", [name: value])
    #expect(answer.isProblem(400, "invalid-request"))
    #expect(answer.member("member")?.asString == name)
  }

  @Test("D20: a tag whose use is not kept is 404 and says which are", arguments: ["session", "", "Agent"])
  func unknownScope(scope: String) throws {
    let answer = scene.get("/v1/usage", ["by": scope])
    #expect(answer.isProblem(404, "unknown-scope"))
    #expect(try answer.text("detail").contains("agent, user, model"))
  }
}
