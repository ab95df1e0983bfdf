internal import NIOConcurrencyHelpers

/// The counters of one listener behind one lock; each critical section is a few additions.
final class HTTPCounters: Sendable {
  private let box: NIOLockedValueBox<HTTPStatistics>

  init(routes: [Route]) { box = NIOLockedValueBox(HTTPStatistics(routes: routes)) }

  func snapshot() -> HTTPStatistics { box.withLockedValue { $0 } }

  func countResponse(route: Int?, status: HTTPStatus, duration: Duration, bytes: Int) {
    box.withLockedValue {
      $0.count(route: route, status: status, duration: duration)
      $0.bytesOut &+= UInt64(clamping: bytes)
    }
  }

  func countConnectionOpened() {
    box.withLockedValue {
      $0.connectionsOpen += 1
      $0.connectionsAccepted &+= 1
    }
  }

  func countConnectionClosed() { box.withLockedValue { $0.connectionsOpen -= 1 } }
  func countConnectionEvicted() { box.withLockedValue { $0.connectionsEvicted &+= 1 } }
  func countConnectionRefused() { box.withLockedValue { $0.connectionsRefused &+= 1 } }
  func countTimeout() { box.withLockedValue { $0.timeouts &+= 1 } }
  func countStreamCut() { box.withLockedValue { $0.streamsCut &+= 1 } }
  func countBytes(_ count: Int) { box.withLockedValue { $0.bytesOut &+= UInt64(clamping: count) } }

  func countRefusal(_ status: HTTPStatus, bytes: Int) {
    box.withLockedValue {
      $0.protocolErrors &+= 1
      $0.count(route: nil, status: status, duration: .zero)
      $0.bytesOut &+= UInt64(clamping: bytes)
    }
  }
}
