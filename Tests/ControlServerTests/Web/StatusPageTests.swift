import BudgetCore
import JSONText
import LedgerAccess
import Testing
import UsageProtocol

@testable import ControlServer

@Suite("The status page")
struct StatusPageTests {
  private let clock = StandingClock()
  private let hub = EventHub(start: noon)

  private func ledger(_ budgets: [Budget] = [], _ use: (SharedLedger) throws -> Void) rethrows -> SharedLedger {
    var settings = LedgerSettings()
    settings.budgets = budgets
    let ledger = SharedLedger(
      Ledger(settings: settings, seed: 1), clock: clock.now, observer: { [hub] in hub.publish($0) })
    try use(ledger)
    return ledger
  }

  private func ledger() -> SharedLedger { ledger { _ in } }

  private func get(_ path: String, _ ledger: SharedLedger, query: KeyValuePairs<String, String> = [:]) -> Answer {
    let router = Router(StatusPage.test(ledger, events: hub).routes)
    return Answer(router.respond(to: HTTPRequest(path: path, query: QueryParameters(query))))
  }

  private func use(_ ledger: SharedLedger, _ tokens: Int, agent: String) throws {
    _ = ledger.record([try UsageObject(json(#"{"tags": {"agent": "\#(agent)"}, "tokens": \#(tokens)}"#))])
  }

  @Test("the page may run its own style and script, ask its own listener, and nothing else")
  func policy() throws {
    let answer = get("/", ledger())
    #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
    #expect(answer.headers["x-content-type-options"] == "nosniff")
    #expect(answer.headers["referrer-policy"] == "no-referrer")
    let policy = try #require(answer.headers["content-security-policy"])
    #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
    #expect(policy.contains("script-src 'sha256-") && policy.contains("connect-src 'self'"))
    #expect(!policy.contains("unsafe"))
    #expect(answer.string.contains("<script>\"use strict\"") && answer.string.contains("<style>:root"))
    #expect(!answer.string.contains("innerHTML"))
  }

  @Test("a document's policy names its own parts by the hashes that browsers compute")
  func hashes() {
    let page = PageDocument(
      html: Array("<style></style><script></script>".utf8), style: [], script: Array("alert(1)".utf8))
    #expect(String(decoding: page.html, as: UTF8.self) == "<style></style><script>alert(1)</script>")
    // printf %s TEXT | openssl dgst -sha256 -binary | base64
    #expect(page.policy.contains("style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"))
    #expect(page.policy.contains("script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"))
  }

  @Test("what is shown is there as JSON: accounts, spenders, events, stops")
  func status() throws {
    let ledger = try ledger([.test(limit: 100)]) { ledger in
      try use(ledger, 85, agent: "a")
      try use(ledger, 5, agent: "b")
      _ = ledger.stop(Tag(key: "agent", value: "b"), reason: "enough")
    }
    clock.advance(90)
    let answer = get("/status", ledger)
    #expect(answer.headers["content-type"] == "application/json")
    #expect(answer.headers["cache-control"] == "no-store")
    #expect(try answer.text("version") == "1.2.3")
    #expect(try answer.text("started_at") == "2025-06-16T12:00:00Z")
    #expect(try answer.text("time") == "2025-06-16T12:01:30Z")
    #expect(
      answer.member("account_counts") == (try json(#"{"ok": 1, "warning": 1, "exhausted": 0, "overspent": 0}"#)))
    let accounts = answer.member("accounts")?.asArray ?? []
    #expect(accounts.map { $0["tags"]?["agent"]?.asString } == ["a", "b"])
    #expect(accounts.first?["warn_at"]?.asNumber?.text == "0.8" && accounts.first?["mode"]?.asString == "enforce")
    let spenders = answer.member("spenders")?.asArray ?? []
    #expect(spenders.map { $0["tag"]?.asString } == ["agent", "user", "model"])
    let spender = spenders.first?["rows"]?.asArray?.first
    #expect(spender?["value"]?.asString == "a" && spender?["tokens"]?.asInt64 == 85)
    let usage = ledger.usage(by: "agent", in: .hour, top: 1)?.first
    #expect(spender?["cost_usd"]?.asString == usage.map { Money(picodollars: Quantity($0.cost)).decimalString })
    #expect(spender?["requests"]?.asInt64 == usage?.requests)
    #expect(answer.member("events")?.asArray?.map { $0["kind"]?.asString } == ["stop", "warn"])
    #expect(
      answer.member("stopped")
        == (try json(#"[{"subject": {"agent": "b"}, "reason": "enough", "since": "2025-06-16T12:00:00Z"}]"#)))
    #expect(answer.member("stopped_count")?.asInt64 == 1)
  }

  @Test("hostile names are data: the JSON reads back as they came")
  func hostileNames() throws {
    let name = #"<img src=x onerror=alert(1)>"' \u202Eevil</script>"#
    let ledger = try ledger { ledger in
      let tags = JSONValue.object(["agent": .string(name)])
      _ = ledger.record([try UsageObject(.object(["tags": tags, "tokens": .number(JSONNumber(literal: "3")!)]))])
    }
    let rows = get("/status", ledger).member("spenders")?.asArray?.first?["rows"]?.asArray
    #expect(rows?.first?["value"]?.asString == name)
  }

  @Test("spenders are of the window that is asked for")
  func window() throws {
    let ledger = try ledger { try use($0, 7, agent: "a") }
    clock.advance(600)
    func agents(_ window: String) -> Int? {
      get("/status", ledger, query: ["window": window]).member("spenders")?.asArray?.first?["rows"]?.asArray?.count
    }
    #expect(agents("1m") == 0 && agents("1h") == 1 && agents("24h") == 1)
    #expect(get("/status", ledger, query: ["window": "2h"]).status == 400)
    #expect(get("/status", ledger, query: ["windows": "1h"]).status == 400)
  }

  @Test("however many look, the ledger is asked once for each freshness and window")
  func kept() throws {
    let ledger = ledger()
    let page = StatusPage(ledger: ledger, events: hub, version: "", start: noon, freshness: .seconds(3600))
    let router = Router(page.routes)
    func spenders(_ window: String) -> Int? {
      let query = QueryParameters(["window": window])
      let answer = Answer(router.respond(to: HTTPRequest(path: "/status", query: query)))
      return answer.member("spenders")?.asArray?.first?["rows"]?.asArray?.count
    }
    #expect(spenders("1h") == 0)
    try use(ledger, 7, agent: "a")
    #expect(spenders("1h") == 0 && spenders("24h") == 1)
  }

  @Test("who may scrape may look, and nobody else")
  func roles() {
    let routes = StatusPage.test(ledger()).routes
    #expect(routes.map(\.pattern) == ["/", "/status"])
    #expect(routes.allSatisfy { $0.role == .scraper && $0.method == .get && !$0.commits })
  }

  @Test("the newest events come first, however many were told")
  func latest() {
    var ring = EventRing(start: 1)
    #expect(ring.latest(3).isEmpty)
    for number in 0..<(EventRing.capacity + 5) {
      ring.append(EventBody.entry(of: .test(.warn, "b\(number)")))
    }
    let budgets = ring.latest(2).map { (try? JSONValue.parse(Array($0.json)))?["budget"]?.asString }
    #expect(budgets == ["b\(EventRing.capacity + 4)", "b\(EventRing.capacity + 3)"])
    #expect(ring.latest(5000).count == EventRing.capacity && ring.latest(-1).isEmpty)
  }
}

extension JSONValue {
  /// A member of an object.
  fileprivate subscript(key: String) -> JSONValue? { asObject?[key] }
}
