/// What one listener has done since it was bound: a copy, taken under a short lock.
package struct HTTPStatistics: Sendable, Equatable {
  package struct RouteCounts: Sendable, Equatable {
    package let method: String
    /// The route's pattern; "" for requests that no route took.
    package let pattern: String
    /// Responses by status class: index 0 is 1xx, index 4 is 5xx.
    package var responses: [UInt64] = [0, 0, 0, 0, 0]
    /// From the complete request to the written response, summed, in nanoseconds.
    package var durationNanoseconds: UInt64 = 0

    package var requests: UInt64 { responses.reduce(0, &+) }
  }

  /// In the order of the router's routes; the last entry counts what no route took.
  package var routes: [RouteCounts]
  package var connectionsOpen = 0
  package var connectionsAccepted: UInt64 = 0
  package var connectionsRefused: UInt64 = 0
  /// Idle and half-open connections closed because another one needed the place.
  package var connectionsEvicted: UInt64 = 0
  /// Connections ended because a deadline passed.
  package var timeouts: UInt64 = 0
  /// Requests refused before a route was looked for: bad syntax, over a limit.
  package var protocolErrors: UInt64 = 0
  /// Streams cut because their reader was too slow.
  package var streamsCut: UInt64 = 0
  /// Bytes handed to the kernel's send queue or waiting for it.
  package var bytesOut: UInt64 = 0

  init(routes: [Route]) {
    self.routes = routes.map { RouteCounts(method: $0.method.name, pattern: $0.pattern) }
    self.routes.append(RouteCounts(method: "", pattern: ""))
  }

  mutating func count(route: Int?, status: HTTPStatus, duration: Duration) {
    let index = route ?? routes.count - 1
    let statusClass = min(max(Int(status.code) / 100, 1), 5) - 1
    routes[index].responses[statusClass] &+= 1
    let (seconds, attoseconds) = duration.components
    routes[index].durationNanoseconds &+= UInt64(clamping: seconds) &* 1_000_000_000
    routes[index].durationNanoseconds &+= UInt64(clamping: attoseconds / 1_000_000_000)
  }
}
