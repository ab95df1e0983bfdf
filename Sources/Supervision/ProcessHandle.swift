import CLinux
import Glibc

/// One process for as long as it lives: never another one that got its number. Linux 5.3 or newer.
package final class ProcessHandle: Sendable {
  package let pid: Int32
  private let descriptor: Int32

  /// `nil` when there is no such process.
  package init?(_ pid: Int32) {
    self.pid = pid
    descriptor = clinux_process_open(pid)
    guard descriptor >= 0 else { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// 0, or the system's `errno`: ESRCH when the process has ended, EPERM when this one may not.
  package func signal(_ signal: Int32) -> Int32 { -clinux_process_signal(descriptor, signal) }

  /// Whether it has not ended yet.
  package var isAlive: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) == 0
  }
}
