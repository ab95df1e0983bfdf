import CLinux

/// Signals as they come, to be read instead of suffered. One for a process.
package struct SignalInbox: Sendable {
  /// Readable when a signal came.
  package let descriptor: Int32

  /// Signals that whoever started this process ignores stay ignored, as behind `nohup`. `nil` without descriptors.
  package init?(_ signals: [Int32]) {
    descriptor = clinux_catch_signals(signals, Int32(signals.count))
    guard descriptor >= 0 else { return nil }
  }

  /// The oldest one that was not read yet. Does not wait.
  package func next() -> Int32? {
    let signal = clinux_next_signal(descriptor)
    return signal > 0 ? signal : nil
  }

  /// Writing where nobody reads is an error from now on, and does not end the process.
  package static func ignoreBrokenPipes() { clinux_ignore_broken_pipes() }
}
