import CLinux
import Glibc
import NIOConcurrencyHelpers

/// A thread of its own for a loop that sleeps in system calls.
///
/// All signals are blocked in it: they belong to the main thread.
package final class NamedThread: Sendable {
  private let handle: pthread_t
  private let isJoined = NIOLockedValueBox(false)

  /// Starts the thread. `name` is cut to 15 bytes.
  package init(name: String, body: @escaping @Sendable () -> Void) throws(ThreadError) {
    let start = Unmanaged.passRetained(ThreadStart(name: name, body: body))
    var every = sigset_t()
    var before = sigset_t()
    sigfillset(&every)
    pthread_sigmask(SIG_SETMASK, &every, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
        clinux_name_thread(start.name)
        start.body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      throw ThreadError(name: name, code: code)
    }
    self.handle = handle
  }

  deinit {
    if !isJoined.withLockedValue({ $0 }) { pthread_detach(handle) }
  }

  /// Puts the calling thread to sleep, for whole nanoseconds or less when a signal comes.
  package static func sleep(nanoseconds: Int64) {
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    nanosleep(&time, nil)
  }

  /// Waits until the body has returned. Returns at once on the thread itself, which cannot wait for its end.
  package func join() {
    guard pthread_equal(handle, pthread_self()) == 0 else { return }
    isJoined.withLockedValue { isJoined in
      guard !isJoined else { return }
      pthread_join(handle, nil)
      isJoined = true
    }
  }
}

/// The system has no thread to give.
package struct ThreadError: Error, Sendable {
  package let name: String
  /// The system's `errno`.
  package let code: Int32
}

private final class ThreadStart: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}
