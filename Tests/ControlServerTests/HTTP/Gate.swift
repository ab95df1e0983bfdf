import ControlServer
import Glibc
import Synchronization

/// Holds a handler until a test lets it go.
final class Gate: Sendable {
  private let isOpen = Atomic<Bool>(false)
  private let waiting = Atomic<Int>(0)

  /// Handlers that have arrived.
  var arrivals: Int { waiting.load(ordering: .sequentiallyConsistent) }

  /// A route "/held" whose handler waits here, for at most ten seconds.
  var route: Route { route(execution: .offLoop) }

  func route(execution: Route.Execution) -> Route {
    Route(.get, "/held", role: .none, execution: execution) { _, _ in
      self.wait()
      return .text("held")
    }
  }

  func open() { isOpen.store(true, ordering: .sequentiallyConsistent) }

  /// Opens a little later, from a thread that no test can keep busy.
  func openSoon() {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        usleep(200_000)
        if let argument { Unmanaged<Gate>.fromOpaque(argument).takeRetainedValue().open() }
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
  }

  private func wait() {
    waiting.add(1, ordering: .sequentiallyConsistent)
    for _ in 0..<1_000 where !isOpen.load(ordering: .sequentiallyConsistent) { usleep(10_000) }
  }
}
