import Testing

@testable import ControlServer

@Suite("Gatekeeper")
struct GatekeeperTests {
  enum Token: String, CaseIterable, Sendable {
    case none, wrong = "a-wrong-token-0123456789", agent = "an-agents-token-0123456789"
    case scraper = "a-scrapers-token-0123456789"
    case `operator` = "an-operators-token-0123456789"
  }

  private let agents = TemporaryFile(Token.agent.rawValue + "\n")
  private let operators = TemporaryFile(Token.operator.rawValue + "\n")

  private let scrapers = TemporaryFile(Token.scraper.rawValue + "\n")

  private func gatekeeper(agents withAgents: Bool, operators withOperators: Bool, scrapers withScrapers: Bool = false)
    -> Gatekeeper
  {
    Gatekeeper(
      Gatekeeper.Credentials(
        operators: withOperators ? TokenFile(path: operators.path) : nil,
        agents: withAgents ? TokenFile(path: agents.path, binds: true) : nil,
        scrapers: withScrapers ? TokenFile(path: scrapers.path) : nil))
  }

  /// The refusal's status that the rules give, 0 for none.
  private func expected(_ role: Role, _ token: Token, agents: Bool, operators: Bool, scrapers: Bool) -> Int {
    switch role {
    case .none: return 0
    case .scraper:
      return !scrapers || token == .scraper || (token == .operator && operators) ? 0 : 401
    case .agent:
      return !agents || token == .agent || (token == .operator && operators) ? 0 : 401
    case .operator:
      guard operators else { return 403 }
      if token == .operator { return 0 }
      return token == .agent && agents ? 403 : 401
    }
  }

  @Test("every route of the table x token x configuration", arguments: Token.allCases, 0..<8)
  func matrix(token: Token, configured: Int) {
    let (withAgents, withOperators, withScrapers) = (configured & 1 > 0, configured & 2 > 0, configured & 4 > 0)
    let gatekeeper = gatekeeper(agents: withAgents, operators: withOperators, scrapers: withScrapers)
    let table = RouteTable.test()
    for routes in [table.web, table.control] {
      let router = Router(routes, check: { gatekeeper.admit($0, $1) })
      for route in routes {
        let path = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
          .map { $0.hasPrefix("{") ? "x" : String($0) }.joined(separator: "/")
        let headers = HTTPHeaders(token == .none ? [] : [("authorization", "Bearer " + token.rawValue)])
        let answer = Answer(router.respond(to: HTTPRequest(method: route.method, path: path, headers: headers)))
        let expected = expected(
          route.role, token, agents: withAgents, operators: withOperators, scrapers: withScrapers)
        let what: Comment = "\(route.method) \(path)"
        if expected == 0 {
          #expect(answer.status != 401 && answer.status != 403, what)
        } else {
          #expect(answer.isProblem(expected, "about:blank"), what)
          #expect((answer.headers["www-authenticate"] == "Bearer") == (expected == 401), what)
        }
      }
    }
  }

  @Test("no credential of an agent or scraper reaches a verb that changes limits, subjects or the configuration")
  func operatorVerbs() {
    let table = RouteTable.test()
    let verbs = (table.web + table.control).filter { $0.role == .operator }
    #expect(verbs.count >= 9)
    let gatekeeper = gatekeeper(agents: true, operators: true, scrapers: true)
    for token in Token.allCases where token != .operator {
      for verb in verbs {
        let request = HTTPRequest(
          method: verb.method, path: verb.pattern, headers: HTTPHeaders([("authorization", "Bearer " + token.rawValue)])
        )
        guard case .refused = gatekeeper.admit(verb.role, request) else {
          Issue.record("\(token) may use \(verb.method) \(verb.pattern)")
          continue
        }
      }
    }
  }

  @Test("what changes things is an operator's, what agents do is an agent's, pages are a scraper's, probes everyone's")
  func roles() {
    let table = RouteTable.test()
    for route in table.web + table.control {
      let wanted: [Role] =
        switch route.pattern {
        case "/-/healthy", "/-/ready", "/v1/openapi.json": [.none]
        case "/", "/status", "/metrics", "/snapshot": [.scraper]
        case "/v1/audit", "/-/snapshot", "/-/reload", "/v1/pools/{name}/top-up", "/v1/budgets/{name}/top-up",
          "/v1/budgets/{name}/reset":
          [.operator]
        case "/v1/subjects/{tag}/{value}/stop", "/v1/subjects/{tag}/{value}/resume": [.operator]
        case "/v1/budgets/{name}" where route.method != .get: [.operator]
        default: [.agent]
        }
      #expect(wanted.contains(route.role), "\(route.method) \(route.pattern)")
    }
  }

  @Test(
    "the scheme may be spelled in any case, with any number of spaces",
    arguments: [
      ("Bearer %", true), ("bearer %", true), ("BEARER %", true), ("Bearer   %", true), ("Basic %", false),
      ("Bearer%", false), ("%", false), ("Bearer ", false), ("Bearer", false), ("", false), ("Bearer %,", false),
      ("Bearer % x", false), ("Token %", false),
    ])
  func schemes(header: String, admitted: Bool) {
    let value = header.split(separator: "%" as Character, omittingEmptySubsequences: false)
      .joined(separator: Token.operator.rawValue)
    let request = HTTPRequest(method: .post, path: "/-/snapshot", headers: HTTPHeaders([("Authorization", value)]))
    let admission = gatekeeper(agents: true, operators: true).admit(.operator, request)
    #expect(admission.isAdmitted == admitted)
  }
}

@Suite("Peers of the Unix socket")
struct PeerRuleTests {
  private func request(user: UInt32?) -> HTTPRequest {
    HTTPRequest(
      path: "/", peer: user.map { PeerCredentials(processID: 1, userID: $0, groupID: 0) })
  }

  @Test(
    "rules are written as words or as user ids",
    arguments: [
      ("any", [true, true, true, false]), ("none", [false, false, false, false]), ("0", [true, false, false, false]),
      ("0,1000", [true, true, false, false]), ("4294967295", [false, false, false, false]),
    ])
  func rules(text: String, admitted: [Bool]) throws {
    let rule = try #require(PeerRule(text))
    let peers = [0, 1000, 1001, nil].map { request(user: $0).peer }
    #expect(peers.map { rule.admits($0) } == admitted)
  }

  @Test("anything else is no rule", arguments: ["", "same", "-1", "4294967296", "1,", "0 1", "root", "+1", "1;2"])
  func malformed(text: String) { #expect(PeerRule(text) == nil) }

  @Test("the sidecar's own user and root are the same user")
  func sameUser() throws {
    #expect(try #require(PeerRule("same-user")) == .sameUser)
    #expect(PeerRule.sameUser.admits(request(user: 0).peer))
    #expect(!PeerRule.sameUser.admits(request(user: 65_533).peer))
  }

  @Test("who a rule admits needs no token; anybody else does, also when no file of tokens is there")
  func agents() {
    var credentials = Gatekeeper.Credentials()
    #expect(Gatekeeper(credentials).admit(.agent, request(user: 7)).isAdmitted)
    credentials.agentPeers = .users([7])
    let gatekeeper = Gatekeeper(credentials)
    #expect(gatekeeper.admit(.agent, request(user: 7)).caller?.name == "uid:7")
    #expect(!gatekeeper.admit(.agent, request(user: 8)).isAdmitted)
    #expect(!gatekeeper.admit(.agent, request(user: nil)).isAdmitted)
    var remote = request(user: nil)
    remote.remoteAddress = "127.0.0.1"
    #expect(gatekeeper.admit(.agent, remote).isAdmitted)
    #expect(!gatekeeper.admit(.operator, request(user: 7)).isAdmitted)
  }

  @Test("who may operate without a token may do so on the socket only")
  func operators() {
    var credentials = Gatekeeper.Credentials()
    credentials.operatorPeers = .users([0])
    let gatekeeper = Gatekeeper(credentials)
    #expect(gatekeeper.admit(.operator, request(user: 0)).caller?.role == .operator)
    #expect(!gatekeeper.admit(.operator, request(user: 1)).isAdmitted)
    #expect(!gatekeeper.admit(.operator, request(user: nil)).isAdmitted)
  }
}

extension Admission {
  var caller: Caller? { if case .admitted(let caller) = self { caller } else { nil } }
  var isAdmitted: Bool { caller != nil }
}
