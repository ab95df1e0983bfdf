/// Who may use which route.
///
/// Operator verbs need an operator's token and answer 403 while none is configured. With a file of agents' tokens,
/// agents need one too; an operator may do what an agent may. Reading pages and probes needs none.
package struct Gatekeeper: Sendable {
  private let operators: TokenFile?
  private let agents: TokenFile?

  package init(operators: TokenFile? = nil, agents: TokenFile? = nil) {
    self.operators = operators
    self.agents = agents
  }

  /// The refusal of a request, or nil when it may use a route of that role.
  package func refusal(_ role: Role, _ request: HTTPRequest) -> HTTPResponse? {
    switch role {
    case .none, .scraper:
      return nil
    case .agent:
      guard let agents else { return nil }
      let token = Self.token(of: request)
      if token.map({ agents.admits($0) || operators?.admits($0) == true }) == true { return nil }
      return Self.unauthorized("This verb needs a bearer token of an agent.")
    case .operator:
      guard let operators else { return Router.refuseOperators(role, request) }
      let token = Self.token(of: request)
      if token.map({ operators.admits($0) }) == true { return nil }
      if let token, agents?.admits(token) == true {
        return Problem(status: .forbidden, detail: "This verb is an operator's; the token is an agent's.").response()
      }
      return Self.unauthorized("This verb needs a bearer token of an operator.")
    }
  }

  private static func token(of request: HTTPRequest) -> Substring.UTF8View? {
    guard let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer ") else { return nil }
    return header.dropFirst("bearer ".count).drop { $0 == " " }.utf8
  }

  private static func unauthorized(_ detail: String) -> HTTPResponse {
    Problem(status: .unauthorized, detail: detail).response(headers: [("www-authenticate", "Bearer")])
  }
}
