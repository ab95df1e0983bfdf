import NIOConcurrencyHelpers

/// Callers that wait until the journal has come to their act.
final class WaitingList: Sendable {
  private struct Waiter {
    let sequence: UInt64
    let done: @Sendable () -> Void
  }

  enum Admission {
    /// There is nothing to wait for.
    case reached
    case waiting
    /// So many wait that the disk must hang: this one is never called.
    case full
  }

  /// Callers that gave up waiting stay here until the disk works again: no more than these.
  static let most = 2_048

  private let waiters = NIOLockedValueBox<[Waiter]>([])

  /// The smallest number that somebody waits for; `nil` when nobody waits. O(callers).
  var first: UInt64? { waiters.withLockedValue { $0.lazy.map(\.sequence).min() } }

  /// - Parameter isReached: asked where callers are served too, so that none is forgotten.
  func add(_ sequence: UInt64, unless isReached: () -> Bool, _ done: @escaping @Sendable () -> Void) -> Admission {
    waiters.withLockedValue { waiters in
      if isReached() { return .reached }
      guard waiters.count < Self.most else { return .full }
      waiters.append(Waiter(sequence: sequence, done: done))
      return .waiting
    }
  }

  /// Calls everybody whose act is reached, on this thread.
  func serve(through sequence: UInt64) {
    let done = waiters.withLockedValue { waiters in
      let done = waiters.filter { $0.sequence <= sequence }
      if !done.isEmpty { waiters.removeAll { $0.sequence <= sequence } }
      return done
    }
    for waiter in done { waiter.done() }
  }
}
