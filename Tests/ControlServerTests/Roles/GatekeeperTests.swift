import BudgetCore
import ControlServer
import LedgerAccess
import Testing

@Suite("Gatekeeper")
struct GatekeeperTests {
  enum Token: String, CaseIterable, Sendable {
    case none, wrong = "a-wrong-token-0123456789", agent = "an-agents-token-0123456789"
    case `operator` = "an-operators-token-0123456789"
  }

  private let agents = TemporaryFile(Token.agent.rawValue + "\n")
  private let operators = TemporaryFile(Token.operator.rawValue + "\n")

  private func gatekeeper(agents withAgents: Bool, operators withOperators: Bool) -> Gatekeeper {
    Gatekeeper(
      operators: withOperators ? TokenFile(path: operators.path) : nil,
      agents: withAgents ? TokenFile(path: agents.path) : nil)
  }

  private var routes: [Route] {
    let ledger = SharedLedger(Ledger(settings: LedgerSettings(), seed: 1), clock: StandingClock().now)
    return ControlRoutes(ledger: ledger, lines: LineCounters()).routes + PoolRoutes(ledger: ledger).routes
      + EventRoutes(hub: EventHub(start: noon), ledger: ledger).routes
      + OperatorRoutes(saveSnapshot: { .success(1) }, reload: { .success([]) }).routes
      + WebRoutes(ledger: ledger, health: Health(), ownFamilies: { [] }, snapshot: { _ in [] }).routes
  }

  /// The refusal's status that the rules give, 0 for none.
  private func expected(_ role: Role, _ token: Token, agents: Bool, operators: Bool) -> UInt {
    switch role {
    case .none, .scraper: return 0
    case .agent:
      guard agents else { return 0 }
      return token == .agent || (token == .operator && operators) ? 0 : 401
    case .operator:
      guard operators else { return 403 }
      if token == .operator { return 0 }
      return token == .agent && agents ? 403 : 401
    }
  }

  @Test(
    "every route x token x configuration", arguments: Token.allCases,
    [(false, false), (false, true), (true, false), (true, true)])
  func matrix(token: Token, configured: (agents: Bool, operators: Bool)) {
    let gatekeeper = gatekeeper(agents: configured.agents, operators: configured.operators)
    let router = Router(routes, check: { gatekeeper.refusal($0, $1) })
    for route in routes {
      let path = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("{") ? "x" : String($0) }.joined(separator: "/")
      let headers = HTTPHeaders(token == .none ? [] : [("authorization", "Bearer " + token.rawValue)])
      let answer = Answer(router.respond(to: HTTPRequest(method: route.method, path: path, headers: headers)))
      let expected = expected(route.role, token, agents: configured.agents, operators: configured.operators)
      let what: Comment = "\(route.method) \(path)"
      if expected == 0 {
        #expect(answer.status != 401 && answer.status != 403, what)
      } else {
        #expect(answer.isProblem(Int(expected), "about:blank"), what)
        #expect((answer.headers["www-authenticate"] == "Bearer") == (expected == 401), what)
      }
    }
  }

  @Test("what changes things is an operator's, what agents do is an agent's, pages and probes are everyone's")
  func roles() {
    for route in routes {
      let wanted: [Role] =
        switch route.pattern {
        case "/", "/-/healthy", "/-/ready": [.none]
        case "/metrics", "/snapshot": [.scraper]
        case "/-/snapshot", "/-/reload", "/v1/pools/{name}/top-up", "/v1/budgets/{name}/top-up",
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
    let refusal = gatekeeper(agents: true, operators: true).refusal(.operator, request)
    #expect((refusal == nil) == admitted)
  }
}
