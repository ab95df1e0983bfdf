import Audit
import BudgetCore
import Glibc
import JSONText
import LedgerAccess
import Logging
import Testing

@testable import ControlServer

@Suite("Audit of operators and denials")
struct AuditRouteTests {
  private let tally = DenialTally()

  @Test("an act is kept with who, from where, what, and how things stood before and after; a read is not")
  func acts() throws {
    let folder = "/tmp/tallygate-acts-\(getpid())-\(UInt64.random(in: .min ... .max))"
    mkdir(folder, 0o700)
    defer {
      for file in ["/audit/audit.jsonl"] { unlink(folder + file) }
      rmdir(folder + "/audit")
      rmdir(folder)
    }
    let log = AuditLog(AuditDirectory(stateDirectory: folder), logger: Logger(label: "test"))
    let scene = ControlScene([.test(limit: 100)])
    _ = scene.post("/v1/usage", #"{"agent": "a", "tokens": 7}"#)
    let audit = OperatorAudit(log: log, ledger: scene.ledger)
    let routes =
      ControlRoutes(ledger: scene.ledger, lines: LineCounters()).routes
      + AuditRoutes(directory: log.directory).routes
    let router = Router(routes.map { audit.watching($0) }, check: { _, _ in .admitted(.anyOperator) })
    func send(_ method: HTTPMethod, _ path: String, _ body: String = "") -> Int {
      let request = HTTPRequest(method: method, path: path, body: Array(body.utf8), remoteAddress: "127.0.0.1")
      return Answer(router.respond(to: request)).status
    }
    #expect(send(.put, "/v1/budgets/daily", #"{"limit": 200, "tags": {"agent": "a"}}"#) == 200)
    #expect(send(.put, "/v1/budgets/daily", #"{"limit": -1}"#) == 400)
    #expect(send(.post, "/v1/subjects/agent/a\nb/stop", #"{"reason": "x"}"#) == 200)
    #expect(send(.get, "/v1/audit") == 200)
    #expect(send(.post, "/v1/usage", #"{"agent": "a", "tokens": 1}"#) == 200)
    log.close()

    let records = log.directory.latest(10).compactMap { (try? JSONValue.parse($0))?.asObject }
    #expect(records.count == 3)
    let limit = try #require(records.first)
    #expect(limit["kind"]?.asString == "act")
    #expect(limit["who"]?.asString == "test")
    #expect(limit["from"]?.asString == "127.0.0.1")
    #expect(limit["verb"]?.asString == "PUT /v1/budgets/daily")
    #expect(limit["body"]?.asObject?["limit"]?.asInt64 == 200)
    #expect(limit["before"]?.asArray?.first?.asObject?["limit"]?.asInt64 == 100)
    #expect(limit["after"]?.asObject?["accounts"]?.asArray?.first?.asObject?["limit"]?.asInt64 == 200)
    #expect(records[1]["status"]?.asInt64 == 400 && records[1]["after"] == nil)
    #expect(records[2]["verb"]?.asString == "POST /v1/subjects/agent/a\nb/stop")
    #expect(records[2]["before"]?.asObject?["stopped"]?.asBool == false)
    #expect(records[2]["after"]?.asObject?["stopped"]?.asBool == true)
    let answer = Answer(
      router.respond(to: HTTPRequest(path: "/v1/audit", query: QueryParameters(["last": "2"]))))
    #expect(answer.json?.asArray?.count == 2)
    for bad in ["0", "1001", "x"] {
      let query = QueryParameters(["last": bad])
      #expect(Answer(router.respond(to: HTTPRequest(path: "/v1/audit", query: query))).status == 400)
    }
  }

  @Test("without a state directory there is no audit, and the verb says so")
  func none() {
    let router = Router(AuditRoutes(directory: nil).routes, check: { _, _ in .admitted(.anyOperator) })
    #expect(Answer(router.respond(to: HTTPRequest(path: "/v1/audit"))).isProblem(404, "about:blank"))
  }

  @Test("denials are counted by account, subject and pool, not kept one by one")
  func denials() throws {
    let scene = ControlScene([.test(limit: 10)]) { $0.pools = [Pool(name: "context", tokens: 10)] }
    let tally = scene.denials
    #expect(tally.take() == nil)
    for _ in 0..<3 { #expect(scene.post("/v1/reservations", #"{"agent": "a", "tokens": 11}"#).status == 429) }
    #expect(scene.post("/v1/check", #"{"agent": "b", "tokens": 11}"#).status == 429)
    #expect(scene.post("/v1/check", #"{"agent": "b", "tokens": 1}"#).status == 200)
    _ = scene.ledger.stop(Tag(key: "user", value: "u"), reason: "")
    for _ in 0..<2 { #expect(scene.post("/v1/check", #"{"agent": "b", "user": "u"}"#).status == 403) }
    let members = try #require(tally.take())
    #expect(members["since"]?.asString == "2025-06-16T12:00:00Z")
    #expect(
      members["denied"]
        == (try json(
          """
          [{"budget": "daily", "unit": "tokens", "tags": {"agent": "a"}, "count": 3},
           {"subject": {"user": "u"}, "count": 2},
           {"budget": "daily", "unit": "tokens", "tags": {"agent": "b"}, "count": 1}]
          """)))
    #expect(tally.take() == nil)
  }

  @Test("a summary is bounded: what is past its rows is counted together")
  func bounded() throws {
    for number in 0..<(DenialTally.mostKeys + 50) { tally.note(refused: .operator, from: "10.0.0.\(number)", at: noon) }
    let members = try #require(tally.take())
    #expect(members["denied"]?.asArray?.count == DenialTally.mostKeys)
    #expect(members["others"]?.asInt64 == 50)
  }
}
