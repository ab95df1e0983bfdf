import CLinux

/// How soon a thread is let run on a processor that others want too.
///
/// An ordinary process may ask for it, of its own threads. Where the system refuses, nothing changes.
package enum ThreadUrgency {
  /// Somebody waits for what it does, which takes a fraction of a millisecond: when it wakes, it runs before those that
  /// go on for longer. It gets no larger share of the processor. Linux 6.12 and later.
  case prompt
  /// What it does can wait: others get the larger share of a processor that is not enough for all.
  case yielding

  /// For the calling thread, from now on.
  package func apply() {
    _ =
      switch self {
      case .prompt: clinux_schedule_thread(0, 300_000)
      case .yielding: clinux_schedule_thread(10, 300_000)
      }
  }

  /// Names the calling thread, as `top -H` shows it: at most 15 bytes.
  package static func name(_ name: String) { clinux_name_thread(name) }
}
