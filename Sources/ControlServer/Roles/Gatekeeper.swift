/// Who may use which route.
///
/// Operator verbs need an operator's token and answer 403 while nobody can be one. With a file of agents' tokens,
/// agents need one too; an operator may do what agents and scrapers may. Health needs none. On a Unix socket the kernel
/// says who asks, and rules say who of them needs no token.
package struct Gatekeeper: Sendable {
  /// What lets somebody in. `nil` of agents or scrapers: that role is everybody's.
  package struct Credentials: Sendable {
    package var operators: TokenFile?
    package var agents: TokenFile?
    package var scrapers: TokenFile?
    /// Where scrapers with a name and a password are named.
    package var web = ListenerSecurity.none
    /// On a Unix socket; `nil` is any while agents need no token, and none once they do.
    package var agentPeers: PeerRule?
    package var operatorPeers = PeerRule.none

    package init(operators: TokenFile? = nil, agents: TokenFile? = nil, scrapers: TokenFile? = nil) {
      self.operators = operators
      self.agents = agents
      self.scrapers = scrapers
    }
  }

  private let credentials: Credentials

  package init(_ credentials: Credentials = Credentials()) { self.credentials = credentials }

  /// Lets a request in to a route of that role, or refuses it.
  package func admit(_ role: Role, _ request: HTTPRequest) -> Admission {
    if role == .none { return .admitted(.anonymous) }
    let token = Self.token(of: request)
    if let caller = caller(with: token, peer: request.peer), caller.role.covers(role) { return .admitted(caller) }
    switch role {
    case .none: return .admitted(.anonymous)
    case .scraper:
      let users = credentials.web.current.users
      if token == nil, let users { return users.admit(request) }
      guard credentials.scrapers != nil || users != nil else { return .admitted(.anonymous) }
      return Self.unauthorized("This page needs a bearer token of a scraper.")
    case .agent:
      guard needsCredential(request) else { return .admitted(.anonymous) }
      return Self.unauthorized("This verb needs a bearer token of an agent.")
    case .operator:
      guard credentials.operators != nil || credentials.operatorPeers != .none else {
        return .refused(Router.operatorsAreOff)
      }
      if let token, credentials.agents?.entry(for: token) != nil {
        return .refused(
          Problem(status: .forbidden, detail: "This verb is an operator's; the token is an agent's.").response())
      }
      return Self.unauthorized("This verb needs a bearer token of an operator.")
    }
  }

  private func caller(with token: Substring.UTF8View?, peer: PeerCredentials?) -> Caller? {
    if let token {
      if let entry = credentials.operators?.entry(for: token) { return Caller(name: entry.name, role: .operator) }
      if let entry = credentials.agents?.entry(for: token) {
        return Caller(name: entry.name, role: .agent, binding: entry.binding)
      }
      if let entry = credentials.scrapers?.entry(for: token) { return Caller(name: entry.name, role: .scraper) }
    }
    guard let peer else { return nil }
    if credentials.operatorPeers.admits(peer) { return Caller(name: "uid:\(peer.userID)", role: .operator) }
    if let rule = credentials.agentPeers, rule.admits(peer) { return Caller(name: "uid:\(peer.userID)", role: .agent) }
    return nil
  }

  /// Whether an agent without a credential is refused.
  private func needsCredential(_ request: HTTPRequest) -> Bool {
    credentials.agents != nil || (request.isLocal && credentials.agentPeers != nil && credentials.agentPeers != .any)
  }

  private static func token(of request: HTTPRequest) -> Substring.UTF8View? {
    guard let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer ") else { return nil }
    return header.dropFirst("bearer ".count).drop { $0 == " " }.utf8
  }

  private static func unauthorized(_ detail: String) -> Admission {
    .refused(Problem(status: .unauthorized, detail: detail).response(headers: [("www-authenticate", "Bearer")]))
  }
}

extension Role {
  /// Whether who has this role may use a route of that one.
  fileprivate func covers(_ other: Role) -> Bool {
    switch self {
    case .none: other == .none
    case .scraper: other == .none || other == .scraper
    case .agent: other == .none || other == .agent
    case .operator: true
    }
  }
}
