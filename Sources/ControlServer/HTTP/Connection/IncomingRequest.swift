/// A complete request and what its connection must know to answer it.
struct IncomingRequest {
  var request: HTTPRequest
  /// False when the client asked for the end of the connection or cannot go on after this request.
  let keepsAlive: Bool
  let isHTTP10: Bool
  let arrived: ContinuousClock.Instant

  var isHead: Bool { request.method == .head }
}
