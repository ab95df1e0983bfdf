package import LedgerAccess

/// `GET /v1/events`: what happens to budgets and pools, as server-sent events.
package struct EventRoutes: Sendable {
  private let hub: EventHub
  private let ledger: SharedLedger
  private let keepAlive: Duration

  /// - Parameter keepAlive: how often a quiet stream says that it lives.
  package init(hub: EventHub, ledger: SharedLedger, keepAlive: Duration = .seconds(15)) {
    self.hub = hub
    self.ledger = ledger
    self.keepAlive = keepAlive
  }

  package var routes: [Route] {
    [Route(.get, "/v1/events", role: .agent, reach: .own) { request, _ in subscribe(request) }]
  }

  private func subscribe(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      try request.requireParameters(among: ["budget", "kind", "last_event_id"])
      let filter = try EventFilter(request.query, settings: ledger.settings, caller: request.caller)
      let seen = try Self.lastEventID(of: request)
      guard hub.admits() else { return Self.full }
      let headers = HTTPHeaders([
        ("content-type", "text/event-stream"), ("cache-control", "no-store"),
        // nginx keeps what it proxies in a buffer unless told otherwise.
        ("x-accel-buffering", "no"),
      ])
      return HTTPResponse(headers: headers, body: .stream { attach($0, filter, after: seen) })
    } catch {
      return error.response
    }
  }

  private func attach(_ writer: HTTPStreamWriter, _ filter: EventFilter, after seen: UInt64?) {
    let hub = hub
    let number = hub.subscribe(filter, after: seen) { text, taken in writer.send(text, whenTaken: taken) }
    // The last place went to somebody else since: the client comes back.
    guard let number else { return writer.finish() }
    writer.whenEnded { hub.unsubscribe(number) }
    writer.repeatedly(every: keepAlive) { hub.keepAlive(number) }
  }

  /// The header goes first: a browser that comes back sends it to the address that it began with.
  private static func lastEventID(of request: HTTPRequest) throws(BadRequest) -> UInt64? {
    guard let text = request.headers["last-event-id"] ?? request.query["last_event_id"], !text.isEmpty else {
      return nil
    }
    guard let id = UInt64(text) else {
      throw BadRequest("last_event_id must be an id of this stream, which is a whole number.", member: "last_event_id")
    }
    return id
  }

  private static let full = Problem(
    type: ProblemType.tooManySubscribers, title: "Too many subscribers", status: .serviceUnavailable,
    detail: "\(EventHub.mostSubscribers) subscribers hear events already, as many as there may be."
  ).response(headers: [("retry-after", "2")])
}
