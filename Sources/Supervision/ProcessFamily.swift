import CLinux
import Glibc

/// A command that this process started, with everything that came of it.
///
/// Its descendants are found although they left its group or lost their parents: this process adopts orphans.
package struct ProcessFamily: Sendable {
  /// The command's process, and its group.
  package let leader: Int32

  package init(leader: Int32) { self.leader = leader }

  /// From now on, whoever loses its parent among the descendants becomes a child of this process.
  package static func adoptOrphans() { _ = clinux_adopt_orphans() }

  /// Those that live. O(processes of the machine).
  package func members() -> [ProcessEntry] { ProcessTable.read().descendants(of: getpid()) }

  /// Sends a signal to the group, and to every descendant outside of it.
  package func signal(_ signal: Int32) {
    // In one step, so that nobody in the group can have a child that is left out.
    kill(-leader, signal)
    for member in members() where member.group != leader { kill(member.pid, signal) }
  }

  /// Passes on a signal that was meant for the command: to its group.
  package func forward(_ signal: Int32) { kill(-leader, signal) }
}
