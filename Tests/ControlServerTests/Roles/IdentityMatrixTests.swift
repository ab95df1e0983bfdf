import BudgetCore
import LedgerAccess
import Testing

@testable import ControlServer

/// A token that speaks for one agent, in a sidecar that others use too. Whatever is theirs has "foreign" in its name.
@Suite("Identity of a token, over the whole route table")
struct IdentityMatrixTests {
  private static let own = "own-token-0123456789", free = "free-token-0123456789"
  private let file = TemporaryFile("\(own) name=research agent=researcher user=alice\n\(free)\n")
  private let table: RouteTable
  private let router: Router
  private let hold: String
  private let allocation: String

  init() throws {
    var settings = LedgerSettings()
    settings.budgets = [
      .test(limit: 1_000), .test("shared", limit: 100, per: []), .test("users", limit: 1_000, per: ["user"]),
      .test("foreign-team", limit: 5, per: [], match: [TagPattern(key: "agent", glob: "foreign-*")]),
    ]
    settings.pools = [Pool(name: "context", tokens: 1_000)]
    let ledger = SharedLedger(Ledger(settings: settings, seed: 7), clock: StandingClock().now)
    table = RouteTable.test(ledger: ledger)
    let gatekeeper = Gatekeeper(Gatekeeper.Credentials(agents: TokenFile(path: file.path, binds: true)))
    router = Router(table.control, check: { gatekeeper.admit($0, $1) })

    let request = #"{"tags": {"agent": "foreign-agent"}, "tokens": 0}"#
    hold = try Self.send(.post, "/v1/reservations", request, token: Self.free, to: router).text("id")
    let body = #"{"pool": "context", "agent": "foreign-agent", "task": "foreign-task", "max_tokens": 10}"#
    allocation = try Self.send(.post, "/v1/allocations", body, token: Self.free, to: router).text("id")
    let them = #""tags": {"agent": "foreign-agent", "user": "foreign-user", "job": "foreign-job", "model": "foreign"}"#
    let us = #""tags": {"agent": "researcher", "user": "alice", "job": "ours"}"#
    for who in [them, us] {
      #expect(
        Self.send(.post, "/v1/usage", "{\(who), \"tokens\": 990}", token: Self.free, to: router).status == 200)
    }
    _ = ledger.stop(Tag(key: "agent", value: "foreign-agent"), reason: "foreign-reason")
  }

  private func send(
    _ method: HTTPMethod, _ path: String, _ body: String = "", query: QueryParameters = QueryParameters(),
    token: String
  ) -> Answer { Self.send(method, path, body, query: query, token: token, to: router) }

  private static func send(
    _ method: HTTPMethod, _ path: String, _ body: String = "", query: QueryParameters = QueryParameters(),
    token: String, to router: Router
  ) -> Answer {
    let headers = HTTPHeaders([("authorization", "Bearer \(token)"), ("content-type", "application/json")])
    return Answer(
      router.respond(
        to: HTTPRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))))
  }

  /// Every read of the table, with the query that asks for most.
  private var reads: [(path: String, query: KeyValuePairs<String, String>)] {
    table.control.filter { $0.role == .agent && $0.method == .get && $0.pattern != "/v1/events" }.flatMap { route in
      let queries: [KeyValuePairs<String, String>] =
        switch route.pattern {
        case "/v1/usage": [["by": "agent"], ["by": "user"], ["by": "model"]]
        case "/v1/totals": [["by": "agent"], ["by": "user,model"], ["by": "model"]]
        default: [[:]]
        }
      let names = route.pattern == "/v1/jobs/{job}" ? ["foreign-job"] : ["daily", "users", "shared", "foreign-team"]
      return names.flatMap { name in
        let path = route.pattern.replacing("{name}", with: name).replacing("{job}", with: name)
          .replacing("{id}", with: allocation).replacing("{path…}", with: "x")
        return queries.map { (path, $0) }
      }
    }
  }

  @Test("no read tells of anybody else; with a token that speaks for all, they do")
  func foreignReads() {
    var telling: Set<String> = []
    for (path, query) in reads {
      let asked: Comment = "GET \(path) \(query)"
      let ours = send(.get, path, query: QueryParameters(query), token: Self.own)
      #expect([200, 403, 404].contains(ours.status), asked)
      if ours.status == 200 {
        #expect(!ours.string.contains("foreign"), asked)
      } else if ours.status == 403, !path.hasPrefix("/v1/authorize") {
        #expect(ours.isProblem(403, "foreign-identity"), asked)
      }
      let all = send(.get, path, query: QueryParameters(query), token: Self.free)
      if all.status == 200, all.string.contains("foreign") { telling.insert(path) }
    }
    // What this test would miss a leak of.
    for path in [
      "status", "alerts", "usage", "totals", "budgets", "subjects", "jobs", "allocations", "jobs/foreign-job",
    ] {
      #expect(telling.contains("/v1/" + path), "\(path)")
    }
    #expect(telling.isSuperset(of: ["/v1/budgets/foreign-team", "/v1/budgets/daily/accounts"]))
  }

  @Test("what is the token's own, and what all share, is told")
  func ownReads() {
    func text(_ path: String, _ query: KeyValuePairs<String, String> = [:]) -> String {
      let answer = send(.get, path, query: QueryParameters(query), token: Self.own)
      #expect(answer.status == 200, "\(path)")
      return answer.string
    }
    #expect(text("/v1/budgets/daily/accounts").contains("researcher"))
    #expect(text("/v1/status").contains(#""budget":"shared""#))
    #expect(text("/v1/alerts").contains(#""budget":"shared""#))
    #expect(text("/v1/usage", ["by": "agent"]).contains("researcher"))
    #expect(text("/v1/usage", ["by": "user", "top": "1"]).contains("alice"))
    #expect(text("/v1/totals", ["by": "model"]).contains("990"))
    #expect(text("/v1/budgets").contains("users"))
    #expect(text("/v1/allocations").contains("context"))
  }

  @Test("what is kept by a tag that says nothing of whose it is, is refused")
  func otherScopes() {
    for (path, query) in [("/v1/usage", ["by": "model"]), ("/v1/jobs", [:])]
      as [(String, KeyValuePairs<String, String>)]
    {
      #expect(
        send(.get, path, query: QueryParameters(query), token: Self.own).isProblem(403, "foreign-identity"), "\(path)")
    }
  }

  @Test("no verb of agents does anything to or for somebody else")
  func foreignActs() {
    let tags = #""tags": {"agent": "foreign-agent", "user": "foreign-user"}"#
    let bodies = [
      "/v1/check": "{\(tags), \"tokens\": 1}", "/v1/reservations": "{\(tags), \"tokens\": 1}",
      "/v1/estimate": "{\(tags), \"tokens\": 1}", "/v1/usage": "{\(tags), \"tokens\": 1}",
      "/v1/reservations/{id}/settle": #"{"tokens": 1}"#, "/v1/reservations/{id}": "",
      "/v1/allocations": #"{"pool": "context", "agent": "foreign-agent", "max_tokens": 1}"#,
      "/v1/allocations/{id}/usage": #"{"tokens": 1}"#, "/v1/allocations/{id}": "", "/v1/jobs/{job}": #"{"items": 5}"#,
    ]
    for route in table.control where route.role == .agent && route.method != .get {
      // It is told no tags, and keeps nothing.
      if route.pattern == "/v1/compress" || route.pattern.hasPrefix("/v1/authorize") { continue }
      guard let body = bodies[route.pattern] else {
        Issue.record("\(route.title) is not tried here")
        continue
      }
      let id = route.pattern.contains("allocations") ? allocation : hold
      let path = route.pattern.replacing("{id}", with: id).replacing("{job}", with: "foreign-job")
      #expect(send(route.method, path, body, token: Self.own).isProblem(403, "foreign-identity"), "\(route.title)")
    }
  }

  @Test("a route that does not say whom it limits itself to, refuses a token that speaks for some only")
  func undeclared() {
    let gatekeeper = Gatekeeper(Gatekeeper.Credentials(agents: TokenFile(path: file.path, binds: true)))
    let router = Router(
      [Route(.get, "/new", role: .agent) { _, _ in .text("all") }], check: { gatekeeper.admit($0, $1) })
    for (token, status) in [(Self.own, 403), (Self.free, 200)] {
      let headers = HTTPHeaders([("authorization", "Bearer \(token)")])
      #expect(Answer(router.respond(to: HTTPRequest(path: "/new", headers: headers))).status == status)
    }
  }

  @Test("a stream of events tells of one's own accounts and subjects, and of what all share")
  func events() throws {
    let binding = try #require(TagBinding(words: ["agent=researcher"]))
    var settings = LedgerSettings()
    settings.budgets = [.test(limit: 1), .test("foreign", limit: 1, match: [TagPattern(key: "agent", glob: "f*")])]
    let caller = Caller(name: "t", role: .agent, binding: binding)
    let bound = try EventFilter(QueryParameters(), settings: settings, caller: caller)
    let free = try EventFilter(QueryParameters(), settings: settings)
    func entry(_ budget: String?, _ owner: EventRing.Owner) -> EventRing.Entry {
      EventRing.Entry(kind: "warn", budget: budget, owner: owner, lines: [])
    }
    let cases: [(EventRing.Entry, Bool)] = [
      (entry("daily", .account([Tag(key: "agent", value: "researcher")])), true),
      (entry("daily", .account([Tag(key: "agent", value: "other")])), false),
      (entry("daily", .account([])), true), (entry("foreign", .account([])), false),
      (entry(nil, .subject(Tag(key: "agent", value: "researcher"))), true),
      (entry(nil, .subject(Tag(key: "agent", value: "other"))), false),
      (entry(nil, .subject(Tag(key: "session", value: "s"))), false),
      (entry(nil, .account([])), true),
    ]
    for (entry, isTold) in cases {
      #expect(bound.admits(entry) == isTold, "\(entry)")
      #expect(free.admits(entry))
    }
    #expect(throws: BadRequest.self) {
      try EventFilter(QueryParameters(["budget": "foreign"]), settings: settings, caller: caller)
    }
  }

  @Test(
    "two globs overlap when some text fits both",
    arguments: [
      ("a", "a", true), ("a", "b", false), ("*", "", true), ("", "", true), ("a*", "*b", true), ("a*", "b*", false),
      ("team-*", "team-red", true), ("team-?", "team-red", false), ("?", "*", true), ("?", "", false),
      ("a*c", "ab*", true), ("*a*", "b?b", true), ("*a*", "bcb", false), ("**", "x", true), ("a?c", "?b?", true),
    ])
  func overlaps(one: String, other: String, wanted: Bool) {
    #expect(GlobOverlap.holds(one, other) == wanted)
    #expect(GlobOverlap.holds(other, one) == wanted)
  }
}
