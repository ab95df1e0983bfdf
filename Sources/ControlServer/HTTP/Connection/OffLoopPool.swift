internal import NIOConcurrencyHelpers
internal import NIOPosix

/// Runs handlers that take long on threads of their own, and takes only so many.
final class OffLoopPool: Sendable {
  let threads: NIOThreadPool
  private let bound: Int
  private let pending = NIOLockedValueBox(0)

  init(limits: HTTPLimits) {
    threads = NIOThreadPool(numberOfThreads: max(1, limits.offLoopThreads))
    bound = limits.offLoopRequests
    threads.start()
  }

  /// The answer when the queue is full, or when a request's time ran out in it.
  static func busy() -> HTTPResponse {
    Problem(status: .serviceUnavailable, detail: "Too many long requests at once.")
      .response(headers: [("retry-after", "1")])
  }

  /// Queues `work` and hands its answer to `done` on the pool's thread; false when the queue is full.
  func run(
    until deadline: ContinuousClock.Instant, _ work: @escaping @Sendable () -> HTTPResponse,
    done: @escaping @Sendable (HTTPResponse) -> Void
  ) -> Bool {
    let fits = pending.withLockedValue { pending in
      guard pending < bound else { return false }
      pending += 1
      return true
    }
    guard fits else { return false }
    threads.submit { [self] state in
      let isWanted = state == .active && ContinuousClock.now < deadline
      let response = isWanted ? work() : Self.busy()
      pending.withLockedValue { $0 -= 1 }
      done(response)
    }
    return true
  }
}
