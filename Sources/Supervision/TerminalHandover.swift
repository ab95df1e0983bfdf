import CLinux
import Glibc

/// The terminal, lent to a command: it reads the keys, and Ctrl-C and Ctrl-Z go to it.
package struct TerminalHandover: Sendable {
  package let terminal: Int32
  private let ownGroup = getpgrp()

  /// `nil` unless both standard input and output are this process's terminal, which it has in the foreground. With
  /// a pipe behind it, the other programs of the pipeline may want to read the terminal.
  package init?() {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetpgrp(STDIN_FILENO) == getpgrp() else {
      return nil
    }
    terminal = STDIN_FILENO
  }

  package func lend(to group: Int32) { _ = clinux_set_foreground(terminal, group) }

  package func takeBack() { _ = clinux_set_foreground(terminal, ownGroup) }
}
