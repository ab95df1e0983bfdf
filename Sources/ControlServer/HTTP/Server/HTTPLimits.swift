/// What one listener puts up with. Every buffer and every wait of a connection has its bound here.
package struct HTTPLimits: Sendable {
  /// Bytes of one request body; more is 413.
  package var bodyBytes = 1 << 20
  /// Bytes of all header names and values of one request; more is 431.
  package var headerBytes = 16 << 10
  /// Header fields of one request, trailers included; more is 431.
  package var headerFields = 100
  /// Bytes of the request target; more is 414.
  package var targetBytes = 8 << 10
  /// Bytes of the bodies that are arriving, over all connections. Once there are more, a body that is larger than one
  /// connection's share of them is 503: there are never more than twice as many.
  package var bodiesBytes = 8 << 20
  /// Open connections; for one more, the idlest gives way. When none may, the new one is answered 503 and closed.
  package var connections = 1_024
  /// Requests that may wait on one connection behind one that still runs; with more the connection ends.
  package var pipelinedRequests = 64
  /// Requests after which a connection is closed, so that load can move on.
  package var requestsPerConnection = 10_000
  /// Bytes a stream may have unsent before its reader counts as too slow and is cut.
  package var streamBufferBytes = 256 << 10

  /// From the first byte of a request to the end of its header section; then 408.
  package var headerTimeout: Duration = .seconds(10)
  /// From the end of the header section to the end of the body; then 408.
  package var bodyTimeout: Duration = .seconds(30)
  /// Between requests, and before the first.
  package var idleTimeout: Duration = .seconds(60)
  /// For how long an answer waits until what it acknowledges is kept.
  package var commitWait: Duration = .milliseconds(250)
  /// The same for a caller that asked for the disk itself; then the answer is 503.
  package var strictCommitWait: Duration = .seconds(2)
  /// For the peer to take a response; then the connection is cut.
  package var writeTimeout: Duration = .seconds(30)
  /// After an error: how long input is still discarded, so that the peer can read the answer.
  package var lingerTimeout: Duration = .seconds(1)
  /// What `HTTPRequest.deadline` allows for an answer.
  package var responseTimeout: Duration = .seconds(30)

  /// Threads for the routes marked `offLoop`.
  package var offLoopThreads = 1
  /// Requests that may run or wait there; with more the answer is 503.
  package var offLoopRequests = 16

  package init() {}
}
