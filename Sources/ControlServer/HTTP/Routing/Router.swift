/// Finds the route of a request and runs it.
///
/// An unknown path is 404; a known path with another method 405 with `Allow`; `HEAD` is served by `GET`;
/// `OPTIONS` answers 204 with `Allow`. A literal path costs one dictionary lookup.
package struct Router: Sendable {
  /// Says whether, and as whom, a request may use a route of that role.
  package typealias RoleCheck = @Sendable (Role, HTTPRequest) -> Admission

  /// What is to be done with a request.
  enum Decision {
    case run(route: Int, RouteParameters, Caller)
    /// To be run once somebody has said, off the loop, who sends it.
    case verify(route: Int, RouteParameters, @Sendable () -> Admission)
    /// The answer is known; `route` is nil when no route took the request.
    case answer(HTTPResponse, route: Int?)
  }

  private struct Place: Sendable {
    let pattern: RoutePattern
    var routes: [Int]
  }

  let routes: [Route]
  private let check: RoleCheck
  let commitment: Commitment
  private var literals: [String: Place] = [:]
  private var patterns: [Place] = []

  /// Two routes of the same method that match the same paths are a mistake in the program and end it.
  package init(
    _ routes: [Route], check: @escaping RoleCheck = Router.refuseOperators,
    commitment: Commitment = .none
  ) {
    self.routes = routes
    self.check = check
    self.commitment = commitment
    var places: [[String?]: Place] = [:]
    for (index, route) in routes.enumerated() {
      let pattern = RoutePattern(route.pattern)
      var place = places[pattern.shape] ?? Place(pattern: pattern, routes: [])
      precondition(
        !place.routes.contains { routes[$0].method == route.method },
        "BUG: two routes for \(route.method) \(route.pattern)")
      precondition(
        place.pattern == pattern, "BUG: \(route.pattern) and \(place.pattern.text) name the same segment differently")
      place.routes.append(index)
      places[pattern.shape] = place
    }
    for place in places.values {
      if place.pattern.isLiteral { literals[place.pattern.text] = place } else { patterns.append(place) }
    }
    patterns.sort { $0.pattern.isTriedBefore($1.pattern) }
  }

  /// The check when none is given: everyone but operators, for whom nothing has been set up.
  package static let refuseOperators: RoleCheck = { role, _ in
    role == .operator ? .refused(operatorsAreOff) : .admitted(.anonymous)
  }

  static var operatorsAreOff: HTTPResponse {
    Problem(status: .forbidden, detail: "Operator verbs are off: no operator token is configured.").response()
  }

  /// Answers a request on the calling thread.
  package func respond(to request: HTTPRequest) -> HTTPResponse {
    switch decide(request) {
    case .answer(let response, _): response
    case .run(let route, let parameters, let caller): routes[route].handler(request.sent(by: caller), parameters)
    case .verify(let route, let parameters, let verify): routes[route].answer(request, parameters, after: verify)
    }
  }

  var hasOffLoopRoutes: Bool { routes.contains { $0.execution == .offLoop } }

  func decide(_ request: HTTPRequest) -> Decision {
    var allowed: [HTTPMethod] = []
    if let place = literals[request.path] {
      if let route = route(for: request.method, at: place) { return admit(request, route, RouteParameters()) }
      allowed += place.routes.map { routes[$0].method }
    }
    if !patterns.isEmpty {
      let path = request.path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      for place in patterns {
        guard let parameters = place.pattern.match(path) else { continue }
        if let route = route(for: request.method, at: place) { return admit(request, route, parameters) }
        allowed += place.routes.map { routes[$0].method }
      }
    }
    return .answer(refusal(of: request, allowed: allowed), route: nil)
  }

  private func route(for method: HTTPMethod, at place: Place) -> Int? {
    if let exact = place.routes.first(where: { routes[$0].method == method }) { return exact }
    guard method == .head else { return nil }
    return place.routes.first { routes[$0].method == .get }
  }

  private func admit(_ request: HTTPRequest, _ route: Int, _ parameters: RouteParameters) -> Decision {
    switch check(routes[route].role, request) {
    case .refused(let refusal): return .answer(refusal, route: route)
    case .admitted(let caller):
      if let refusal = caller.refusal(of: routes[route]) { return .answer(refusal, route: route) }
      if routes[route].commits, let refusal = commitment.refusal(of: request) { return .answer(refusal, route: route) }
      return .run(route: route, parameters, caller)
    case .later(let verify): return .verify(route: route, parameters, verify)
    }
  }

  private func refusal(of request: HTTPRequest, allowed: [HTTPMethod]) -> HTTPResponse {
    if request.path == "*" { return HTTPResponse(status: .noContent, headers: allow(routes.map(\.method))) }
    guard !allowed.isEmpty else {
      return Problem(status: .notFound, detail: "There is nothing at \(request.path).").response()
    }
    if request.method == .options { return HTTPResponse(status: .noContent, headers: allow(allowed)) }
    let headers = allow(allowed)
    let list = headers["allow"] ?? ""
    return Problem(status: .methodNotAllowed, detail: "\(request.path) takes \(list), not \(request.method).")
      .response(headers: [("allow", list)])
  }

  private func allow(_ methods: [HTTPMethod]) -> HTTPHeaders {
    var names = Set(methods.map(\.name))
    if names.contains("GET") { names.insert("HEAD") }
    names.insert("OPTIONS")
    return HTTPHeaders([("allow", names.sorted().joined(separator: ", "))])
  }
}
