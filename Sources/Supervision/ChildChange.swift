import CLinux

/// Something that happened to a child of this process.
package enum ChildChange: Hashable, Sendable {
  case exited(status: Int32)
  case killed(signal: Int32)
  /// It stands still and may go on.
  case stopped(signal: Int32)

  /// The next change of any child, without waiting; `nil` when nothing happened. Who ended is gone with it.
  package static func next() -> (pid: Int32, change: ChildChange)? {
    var change = clinux_child_change()
    guard clinux_next_child_change(&change) == 1 else { return nil }
    if change.is_stopped != 0 { return (change.pid, .stopped(signal: change.signal)) }
    return (change.pid, change.signal != 0 ? .killed(signal: change.signal) : .exited(status: change.status))
  }

  /// What a shell says of it: the status, or 128 and the signal.
  package var exitCode: Int32 {
    switch self {
    case .exited(let status): status
    case .killed(let signal), .stopped(let signal): 128 + signal
    }
  }
}
