/// One verb of the server: a method, a path pattern, the role it needs and the function that answers.
package struct Route: Sendable {
  package typealias Handler = @Sendable (HTTPRequest, RouteParameters) -> HTTPResponse

  /// Where the handler runs.
  package enum Execution: Sendable {
    /// On the listener's event loop: for answers that take microseconds.
    case onLoop
    /// On a small thread pool with a bounded queue: for a big scrape or a snapshot. A full queue answers 503.
    case offLoop
  }

  /// What a route is to a caller who speaks for some identities only.
  package enum Reach: Sendable {
    /// It shows or does what is anybody's: such a caller is refused. So is it of a route that does not say.
    case everybody
    /// Its handler shows and touches what is the caller's own and nothing else.
    case own
  }

  package let method: HTTPMethod
  /// The pattern as written, such as "/v1/reservations/{id}/settle".
  package let pattern: String
  package let role: Role
  package let reach: Reach
  package let execution: Execution
  /// Whether the answer waits until what the request did is kept, so that no crash undoes what was acknowledged.
  package let commits: Bool
  package let handler: Handler

  /// Runs the handler if the verification admits the request.
  func answer(
    _ request: HTTPRequest, _ parameters: RouteParameters, after verify: @Sendable () -> Admission
  ) -> HTTPResponse {
    switch verify() {
    case .admitted(let caller): caller.refusal(of: self) ?? handler(request.sent(by: caller), parameters)
    case .refused(let refusal): refusal
    case .later(let next): answer(request, parameters, after: next)
    }
  }

  /// Whether it takes an `Idempotency-Key`.
  var changesThings: Bool { commits && method != .get }

  /// The same route with another handler.
  func handled(by handler: @escaping Handler) -> Route {
    Route(method, pattern, role: role, reach: reach, execution: execution, commits: commits, handler: handler)
  }

  /// - Parameter commits: unless said otherwise, what is not a GET.
  package init(
    _ method: HTTPMethod, _ pattern: String, role: Role, reach: Reach = .everybody, execution: Execution = .onLoop,
    commits: Bool? = nil, handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.role = role
    self.reach = reach
    self.execution = execution
    self.commits = commits ?? (method != .get)
    self.handler = handler
  }
}
