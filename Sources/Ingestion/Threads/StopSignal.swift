import CLinux
import Glibc
import Synchronization

/// Tells a receiving thread to end, and wakes it if it sleeps.
final class StopSignal: Sendable {
  /// Readable once the stop was requested.
  let descriptor: Int32
  private let requested = Atomic<Bool>(false)

  init() throws(IngestionError) {
    let event = clinux_event_create()
    guard event >= 0 else { throw .system(call: "eventfd", subject: "stop signal", code: -event) }
    descriptor = event
  }

  deinit { close(descriptor) }

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  func request() {
    requested.store(true, ordering: .relaxed)
    _ = clinux_event_signal(descriptor)
  }
}
