import BudgetCore
import ControlServer
import JSONText
import LedgerAccess
import Testing

@Suite("Check and reserve")
struct DecisionTests {
  private static let ask = #"{"tags": {"agent": "a", "model": "m1"}, "tokens": {"input": 800, "output": 200}}"#

  @Test("C4, D2-4: a reservation answers with id, decision, grant, accounts and expiry")
  func reserve() throws {
    let scene = ControlScene([
      .test(limit: 5000), .test("money", limit: 10 * Money.picodollarsPerDollar, unit: .cost, per: []),
      .test("calls", limit: 10, unit: .requests),
    ])
    let answer = scene.post("/v1/reservations", Self.ask)
    let id = try answer.text("id")
    #expect(answer.status == 201)
    #expect(answer.headers["content-type"] == "application/json")
    #expect(answer.headers["location"] == "/v1/reservations/\(id)")
    func account(_ budget: String, _ tags: String, _ unit: String, _ amounts: String, _ ratio: String) -> String {
      """
      {"budget": "\(budget)", "tags": {\(tags)}, "unit": "\(unit)", "window": "day", \(amounts), "used_ratio": 0.0,
       "state": "ok", "window_start": "2025-06-16T00:00:00Z", "resets_at": "2025-06-17T00:00:00Z"}
      """
    }
    let agent = #""agent": "a""#
    let expected = try json(
      """
      {"id": "\(id)", "decision": "allow",
       "granted": {"tokens": {"input": 800, "output": 200}, "max_tokens": 200, "requests": 1, "cost_usd": "0.004",
                   "estimated": false, "estimated_output": false},
       "accounts": [
         \(account("daily", agent, "tokens", #""limit": 5000, "used": 0, "reserved": 1000, "remaining": 4000"#, "0.0")),
         \(account("money", "", "cost_usd", #""limit": "10", "used": "0", "reserved": "0.004", "remaining": "9.996""#, "0.0")),
         \(account("calls", agent, "requests", #""limit": 10, "used": 0, "reserved": 1, "remaining": 9"#, "0.0"))],
       "expires_at": "2025-06-16T12:10:00Z"}
      """)
    #expect(answer.json(without: "advice") == expected, "\(answer.string)")
  }

  @Test("A18, D12: a denial carries budget, unit, tags, limit, used, reserved, requested, remaining and when to retry")
  func denial() throws {
    let scene = ControlScene([.test(limit: 1000)])
    #expect(scene.post("/v1/usage", #"{"tags": {"agent": "a"}, "tokens": 300}"#).status == 200)
    _ = try scene.reserve(200)
    let answer = scene.post("/v1/reservations", #"{"tags": {"agent": "a"}, "tokens": 501}"#)
    let account = """
      "budget": "daily", "tags": {"agent": "a"}, "unit": "tokens", "window": "day", "limit": 1000, "used": 300,
      "reserved": 200, "remaining": 500, "used_ratio": 0.3, "state": "ok", "window_start": "2025-06-16T00:00:00Z",
      "resets_at": "2025-06-17T00:00:00Z", "requested": 501, "retry_after": 43200
      """
    let expected = try json(
      """
      {"type": "https://tallygate.dev/problems/budget-exhausted", "title": "Budget exhausted", "status": 429,
       "detail": "Budget daily for agent a has 500 tokens left; 501 tokens were asked for.", \(account),
       "breaches": [{\(account)}]}
      """)
    #expect(answer.json(without: "advice") == expected, "\(answer.string)")
    #expect(answer.isProblem(429, "budget-exhausted"))
    #expect(answer.headers.all("retry-after") == ["43200"])
  }

  @Test("a check denies in the words of a reservation")
  func checkDenies() {
    let scene = ControlScene([.test(limit: 10)])
    let checked = scene.post("/v1/check", Self.ask)
    let reserved = scene.post("/v1/reservations", Self.ask)
    #expect(checked.isProblem(429, "budget-exhausted"))
    #expect(checked.json == reserved.json)
    #expect(checked.headers["retry-after"] == reserved.headers["retry-after"])
  }

  @Test("D2-4: a check holds nothing, tells nobody and makes no account")
  func checkLeavesNothing() {
    let scene = ControlScene([.test(limit: 1000, warnAt: 0)])
    let answer = scene.post("/v1/check", Self.ask)
    #expect(answer.status == 200)
    #expect(answer.member("decision")?.asString == "warn")
    #expect(answer.member("id") == nil)
    #expect(scene.get("/v1/status").member("accounts")?.asArray?.isEmpty == true)
    #expect(scene.events.told.isEmpty)
    #expect(scene.ledger.view().0.openReservations == 0)
  }

  @Test("an exact fit is granted, one more is not")
  func exactFit() {
    let scene = ControlScene([.test(limit: 1000)])
    #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 1000}"#).status == 200)
    #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 1001}"#).status == 429)
  }

  @Test("D8: every breach is reported, the tightest first")
  func breaches() {
    let scene = ControlScene([
      .test("wide", limit: 1000), .test("spent", limit: 500, per: []), .test("fits", limit: 100_000),
    ])
    _ = scene.post("/v1/usage", #"{"tags": {"agent": "a"}, "tokens": 490}"#)
    let answer = scene.post("/v1/check", #"{"tags": {"agent": "a"}, "tokens": 2000}"#)
    let names = answer.member("breaches")?.asArray?.map { $0.asObject?["budget"]?.asString }
    #expect(names == ["spent", "wide"])
    #expect(answer.member("budget")?.asString == "spent")
  }

  @Test("Retry-After is that of the breach that lasts longest, and absent when waiting does not help")
  func retryAfter() {
    let scene = ControlScene([
      .test("minute", limit: 100, window: .fixed(.minutes(1))), .test("hour", limit: 110, window: .fixed(.hours(1))),
    ])
    _ = scene.post("/v1/usage", #"{"tags": {"agent": "a"}, "tokens": 100}"#)
    let both = scene.post("/v1/check", #"{"tags": {"agent": "a"}, "tokens": 20}"#)
    #expect(both.headers["retry-after"] == "3600")
    #expect(both.member("retry_after")?.asInt64 == 3600)
    let tooMuch = scene.post("/v1/check", #"{"tags": {"agent": "a"}, "tokens": 101}"#)
    #expect(tooMuch.headers["retry-after"] == nil)
    #expect(tooMuch.member("retry_after")?.isNull == true)
  }

  @Test("a request that waits as long as it is told succeeds, and a second earlier does not")
  func waiting() {
    for window in [WindowRule.rolling(.hours(1)), .fixed(.minutes(7)), .calendar(CalendarRule(period: .day))] {
      let scene = ControlScene([.test(limit: 100, window: window)])
      _ = scene.post("/v1/usage", #"{"tags": {"agent": "a"}, "tokens": 100}"#)
      scene.clock.advance(30)
      let wait = scene.post("/v1/check", #"{"agent": "a", "tokens": 1}"#).member("retry_after")?.asInt64 ?? 0
      #expect(wait > 1)
      scene.clock.advance(wait - 1)
      #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 1}"#).status == 429)
      scene.clock.advance(1)
      #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 1}"#).status == 200)
    }
  }

  @Test("a limit of 0 denies everything, even nothing, and no waiting helps", arguments: BudgetUnit.allCases)
  func zeroLimit(unit: BudgetUnit) {
    let scene = ControlScene([.test(limit: 0, unit: unit)])
    for body in [#"{"agent": "a"}"#, #"{"agent": "a", "tokens": 0, "requests": 0}"#, #"{"agent": "a", "tokens": 1}"#] {
      let answer = scene.post("/v1/check", body)
      #expect(answer.isProblem(429, "budget-exhausted"), "\(body)")
      #expect(answer.headers["retry-after"] == nil)
      #expect(answer.member("retry_after")?.isNull == true)
    }
    #expect(scene.post("/v1/check", #"{"user": "u", "tokens": 1}"#).status == 200)
  }

  @Test("an absent limit is unlimited")
  func unlimited() {
    let scene = ControlScene([.test(limit: nil)])
    let answer = scene.post("/v1/reservations", #"{"agent": "a", "tokens": 1000000000000000}"#)
    #expect(answer.status == 201)
    let account = answer.member("accounts")?.asArray?.first?.asObject
    #expect(account?["limit"]?.isNull == true)
    #expect(account?["remaining"]?.isNull == true)
  }

  @Test(
    "D14: past the limit, enforce denies, warn warns, shadow allows",
    arguments: [(.enforce, 429, nil), (.warn, 201, "warn"), (.shadow, 201, "allow")] as [(Budget.Mode, Int, String?)])
  func modes(mode: Budget.Mode, status: Int, decision: String?) {
    let scene = ControlScene([.test(limit: 10, mode: mode)])
    let answer = scene.post("/v1/reservations", #"{"agent": "a", "tokens": 11}"#)
    #expect(answer.status == status)
    #expect(answer.member("decision")?.asString == decision)
    let tally = scene.ledger.view().0.tallies[0]
    #expect(tally[Verdict.deny] == 1)
  }

  @Test("A3: a request that would reach the warning threshold is allowed with a warning")
  func warning() {
    let scene = ControlScene([.test(limit: 100, warnAt: 550_000)])
    #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 54}"#).member("decision")?.asString == "allow")
    #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": 55}"#).member("decision")?.asString == "warn")
  }

  @Test("C2: a partial grant gives the output that fits, and the max_tokens to send")
  func partial() {
    let scene = ControlScene([.test(limit: 1000)])
    let body = #"{"agent": "a", "tokens": {"input": 900, "output": 400}, "partial": true}"#
    let answer = scene.post("/v1/reservations", body)
    #expect(answer.status == 201)
    #expect(answer.member("granted", "max_tokens")?.asInt64 == 100)
    #expect(answer.member("granted", "tokens", "input")?.asInt64 == 900)
    #expect(answer.member("granted", "tokens", "output")?.asInt64 == 100)
    #expect(scene.account("daily", ["agent": "a"]) == "used 0, reserved 1000")
    #expect(scene.post("/v1/reservations", body).status == 429)
  }

  @Test("A16: a partial grant is never more than was asked, and without output there is none to cut")
  func partialBounds() {
    let scene = ControlScene([.test(limit: 1000)])
    let small = scene.post("/v1/check", #"{"agent": "a", "tokens": {"output": 10}, "partial": true}"#)
    #expect(small.member("granted", "max_tokens")?.asInt64 == 10)
    #expect(scene.post("/v1/check", #"{"agent": "a", "tokens": {"input": 1001}, "partial": true}"#).status == 429)
    #expect(
      scene.post("/v1/check", #"{"agent": "a", "tokens": {"input": 1000, "output": 5}, "partial": true}"#).status
        == 429)
  }

  @Test("a body without amounts asks for the smallest step of each unit", arguments: ["", #", "tokens": null"#])
  func noAmounts(amounts: String) {
    let scene = ControlScene([.test(limit: 1), .test("calls", limit: 1, unit: .requests)])
    let answer = scene.post("/v1/check", #"{"agent": "a"\#(amounts)}"#)
    #expect(answer.status == 200)
    #expect(answer.member("granted", "tokens", "input")?.asInt64 == 1)
    #expect(answer.member("granted", "requests")?.asInt64 == 1)
    _ = scene.post("/v1/usage", #"{"agent": "a", "tokens": 1}"#)
    #expect(scene.post("/v1/check", #"{"agent": "a"\#(amounts)}"#).status == 429)
  }

  @Test(
    "one request is asked for unless the body says how many",
    arguments: [("", 1), (#", "requests": 0"#, 0), (#", "requests": 3"#, 3)])
  func requests(member: String, expected: Int64) {
    let answer = ControlScene([.test(limit: 100)]).post("/v1/check", #"{"agent": "a", "tokens": 1\#(member)}"#)
    #expect(answer.member("granted", "requests")?.asInt64 == expected)
  }

  @Test("costs are decimal strings, exact to the picodollar")
  func costs() {
    let scene = ControlScene([.test("money", limit: 1_000_000_000_001, unit: .cost)])
    let answer = scene.post("/v1/reservations", #"{"agent": "a", "cost_usd": "1.000000000001"}"#)
    #expect(answer.status == 201)
    #expect(scene.account("money", ["agent": "a"]) == "used 0, reserved 1.000000000001")
    let denied = scene.post("/v1/check", #"{"agent": "a", "cost_usd": 0.000000000001}"#)
    #expect(denied.member("requested")?.asString == "0.000000000001")
    #expect(denied.member("limit")?.asString == "1.000000000001")
    #expect(denied.member("remaining")?.asString == "0")
  }

  @Test(
    "a time to live is a duration up to a day",
    arguments: [
      (#""1ms""#, "2025-06-16T12:00:00.001Z"), (#""90s""#, "2025-06-16T12:01:30Z"),
      (#""24h""#, "2025-06-17T12:00:00Z"), ("null", "2025-06-16T12:10:00Z"),
    ])
  func ttl(value: String, expiresAt: String) {
    let answer = ControlScene([.test(limit: 100)]).post(
      "/v1/reservations", #"{"agent": "a", "tokens": 1, "ttl": \#(value)}"#)
    #expect(answer.status == 201)
    #expect(answer.member("expires_at")?.asString == expiresAt)
  }

  @Test(
    "another time to live is refused",
    arguments: [
      #""0""#, #""0s""#, #""-1s""#, #""24h1ms""#, #""9999999999999999y""#, #""""#, #""soon""#, "600", "true", "{}",
    ])
  func badTTL(value: String) {
    let answer = ControlScene([.test(limit: 100)]).post(
      "/v1/reservations", #"{"agent": "a", "tokens": 1, "ttl": \#(value)}"#)
    #expect(answer.isProblem(400, "invalid-request"))
    #expect(answer.member("member")?.asString == "ttl")
  }

  @Test("a full table of reservations answers 503 and says which bound it is")
  func tableFull() throws {
    let scene = ControlScene([.test(limit: 100)]) { $0.bounds.maxReservations = 2 }
    _ = try scene.reserve(1)
    let second = try scene.reserve(1)
    let answer = scene.post("/v1/reservations", #"{"agent": "a", "tokens": 1}"#)
    #expect(answer.isProblem(503, "too-many-reservations"))
    #expect(answer.headers["retry-after"] == "1")
    #expect(scene.delete("/v1/reservations/\(second)").status == 200)
    #expect(scene.post("/v1/reservations", #"{"agent": "a", "tokens": 1}"#).status == 201)
  }
}
