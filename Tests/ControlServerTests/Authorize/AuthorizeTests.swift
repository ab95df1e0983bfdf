import BudgetCore
import LedgerAccess
import Testing

@testable import ControlServer

@Suite("Authorize")
struct AuthorizeTests {
  private func scene(_ rules: AuthorizeRules = AuthorizeRules(), gatekeeper: Gatekeeper? = nil) -> ControlScene {
    let scene = ControlScene(
      [.test("users", limit: 100, per: ["user"]), .test("agents", limit: 1000, window: .fixed(.hours(1)))],
      gatekeeper: gatekeeper, authorize: rules)
    _ = scene.ledger.record([
      UsageObjectFixture.tokens(100, tags: [Tag(key: "user", value: "spender")]),
      UsageObjectFixture.tokens(40, tags: [Tag(key: "agent", value: "a")]),
    ])
    return scene
  }

  private func ask(
    _ scene: ControlScene, _ headers: [(String, String)], query: KeyValuePairs<String, String> = [:],
    method: HTTPMethod = .get, path: String = "/v1/authorize"
  ) -> Answer {
    Answer(
      scene.router.respond(
        to: HTTPRequest(
          method: method, path: path, query: QueryParameters(query), headers: HTTPHeaders(headers))))
  }

  @Test("who has budget left gets through, with what is left in the fields and nothing in the body")
  func allowed() {
    let answer = ask(scene(), [("X-Tallygate-Agent", "a"), ("X-Tallygate-User", "alice"), ("Accept", "*/*")])
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
    #expect(answer.headers["x-tallygate-decision"] == "allow")
    #expect(
      answer.headers["ratelimit"]
        == #""users:tokens";r=100;t=43200;pk=:dXNlcj1hbGljZQ==:, "agents:tokens";r=960;t=3600;pk=:YWdlbnQ9YQ==:"#)
  }

  @Test("who has none gets 429, or 403 where the gateway wants it, with Retry-After and the problem in both")
  func denied() {
    let rules: [(AuthorizeRules, KeyValuePairs<String, String>, Int)] = [
      (AuthorizeRules(), [:], 429), (AuthorizeRules(), ["status": "403"], 403),
      (AuthorizeRules(deniedStatus: .forbidden), [:], 403),
      (AuthorizeRules(deniedStatus: .forbidden), ["status": "429"], 429),
    ]
    for (rules, query, status) in rules {
      let answer = ask(scene(rules), [("x-tallygate-user", "spender")], query: query)
      #expect(answer.isProblem(status, "budget-exhausted"))
      #expect(answer.headers["retry-after"] == "43200")
      #expect(answer.headers["x-tallygate-decision"] == "deny")
      #expect(answer.headers["ratelimit"]?.hasPrefix(#""users:tokens";r=0"#) == true)
    }
  }

  @Test("asking changes nothing")
  func noSideEffect() {
    let scene = scene()
    for _ in 0..<10 { _ = ask(scene, [("x-tallygate-user", "new")]) }
    #expect(scene.ledger.accounts().count == 2)
  }

  @Test("a stopped subject is 403 whatever the gateway wants, and told apart")
  func stopped() {
    let scene = scene()
    _ = scene.ledger.stop(Tag(key: "user", value: "alice"), reason: "leak")
    let answer = ask(scene, [("x-tallygate-user", "alice")])
    #expect(answer.isProblem(403, "subject-stopped"))
    #expect(answer.headers["x-tallygate-decision"] == "stopped")
  }

  @Test("tokens that the gateway knows of are asked for, one otherwise")
  func amounts() {
    #expect(ask(scene(), [("x-tallygate-user", "u"), ("x-tallygate-tokens", "100")]).status == 200)
    #expect(ask(scene(), [("x-tallygate-user", "u"), ("x-tallygate-tokens", "101")]).status == 429)
    let both = [("x-tallygate-user", "u"), ("x-tallygate-tokens", "60"), ("x-tallygate-output-tokens", "41")]
    #expect(ask(scene(), both).status == 429)
    #expect(ask(scene(), [("x-tallygate-user", "u")], query: ["tokens": "101"]).status == 429)
    for bad in ["-1", "x", "", "1e3", "9999999999999999999"] {
      let answer = ask(scene(), [("x-tallygate-user", "u"), ("x-tallygate-tokens", bad)])
      #expect(answer.isProblem(400, "invalid-request"), "\(bad)")
    }
  }

  @Test("a configured field stands for a tag, and the client cannot say it otherwise")
  func configuredHeader() {
    let rules = AuthorizeRules(headers: [.init(header: "remote-user", tag: "user")])
    #expect(ask(scene(rules), [("Remote-User", "spender")]).status == 429)
    #expect(ask(scene(rules), [("Remote-User", "spender"), ("X-Tallygate-User", "alice")]).status == 429)
    #expect(ask(scene(rules), [("X-Tallygate-User", "alice"), ("Remote-User", "spender")]).status == 429)
    #expect(ask(scene(rules), [("X-Tallygate-User", "spender")]).status == 200)
    #expect(ask(scene(rules), [("Remote-User", "a"), ("Remote-User", "b")]).status == 400)
  }

  @Test("the query of the gateway's own target goes before fields; behind a passed-on target it is the client's")
  func query() {
    #expect(ask(scene(), [("x-tallygate-user", "alice")], query: ["user": "spender"]).status == 429)
    for method in [HTTPMethod.get, .post, .put, .patch, .delete, .head] {
      let answer = ask(
        scene(), [("x-tallygate-user", "spender")], query: ["user": "alice", "status": "403"], method: method,
        path: "/v1/authorize/v1/chat/completions")
      #expect(answer.status == 429, "\(method)")
    }
    #expect(ask(scene(), [], query: ["status": "200"]).isProblem(400, "invalid-request"))
  }

  @Test("a required tag that is missing or empty lets nobody through")
  func required() {
    let rules = AuthorizeRules(required: ["user"])
    #expect(ask(scene(rules), [("x-tallygate-user", "alice")]).status == 200)
    for headers in [[], [("x-tallygate-user", "")], [("x-tallygate-agent", "a")]] {
      let answer = ask(scene(rules), headers)
      #expect(answer.isProblem(403, "about:blank"))
      #expect(answer.headers["x-tallygate-decision"] == "incomplete")
    }
    #expect(ask(scene(), [], query: ["require": "user,agent"]).status == 403)
  }

  @Test("a gateway's token may be bound to users as any agent's")
  func bound() {
    let file = TemporaryFile("a-gateways-token-0123456789 user=alice\n")
    let gatekeeper = Gatekeeper(Gatekeeper.Credentials(agents: TokenFile(path: file.path, binds: true)))
    let token = ("authorization", "Bearer a-gateways-token-0123456789")
    #expect(ask(scene(gatekeeper: gatekeeper), [token, ("x-tallygate-user", "alice")]).status == 200)
    #expect(
      ask(scene(gatekeeper: gatekeeper), [token, ("x-tallygate-user", "bob")]).isProblem(403, "foreign-identity"))
    #expect(ask(scene(gatekeeper: gatekeeper), [("x-tallygate-user", "alice")]).status == 401)
  }
}
