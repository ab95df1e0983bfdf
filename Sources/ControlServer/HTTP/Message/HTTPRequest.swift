/// One complete request: the whole body has been read before a handler sees it.
package struct HTTPRequest: Sendable {
  package var method: HTTPMethod
  /// The canonical path: escapes decoded, repeated slashes merged, never a dot segment or a control character.
  /// `%2F` and `%25` alone stay escaped, so that a slash inside a value never separates segments.
  package var path: String
  package var query: QueryParameters
  package var headers: HTTPHeaders
  package var body: [UInt8]
  /// The IP address of the peer without its port; nil on a Unix socket.
  package var remoteAddress: String?
  /// The process at the other end of a Unix socket; nil on TCP.
  package var peer: PeerCredentials?
  /// Who sends it, once it has been let in.
  package private(set) var caller = Caller.anonymous
  /// When the answer is of no more use; a request still queued then is answered 503 without running.
  package var deadline: ContinuousClock.Instant

  package init(
    method: HTTPMethod = .get, path: String, query: QueryParameters = QueryParameters(),
    headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], remoteAddress: String? = nil,
    peer: PeerCredentials? = nil, deadline: ContinuousClock.Instant = .now + .seconds(30)
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.remoteAddress = remoteAddress
    self.peer = peer
    self.deadline = deadline
  }

  /// Whether it came over a Unix socket.
  var isLocal: Bool { remoteAddress == nil }

  func sent(by caller: Caller) -> HTTPRequest {
    var request = self
    request.caller = caller
    return request
  }
}
