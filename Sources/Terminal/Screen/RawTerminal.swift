import CLinux
import Glibc

/// The terminal of this process: keys as they are pressed, and the alternate screen.
package final class RawTerminal {
  package struct Size: Hashable, Sendable {
    package var rows: Int
    package var columns: Int

    package init(rows: Int, columns: Int) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// Where keys come from.
  package let descriptor = STDIN_FILENO
  /// Nobody is at the other end any more.
  package private(set) var isGone = false
  private let before: termios
  private var isEntered = false

  /// `nil` unless standard input and output are terminals.
  package init?() {
    var settings = termios()
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else {
      return nil
    }
    before = settings
  }

  deinit { leave() }

  /// Takes the terminal: no echo, no waiting for the end of a line, another screen, no cursor. Ctrl-C stays a signal.
  package func enter() {
    guard !isEntered else { return }
    isEntered = true
    var settings = before
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    write("\u{1B}[?1049h\u{1B}[?25l")
  }

  /// Gives everything back. A second time does nothing.
  package func leave() {
    guard isEntered else { return }
    isEntered = false
    write("\u{1B}[?25h\u{1B}[?1049l")
    var settings = before
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
  }

  package var size: Size {
    var (rows, columns): (Int32, Int32) = (0, 0)
    guard clinux_terminal_size(STDOUT_FILENO, &rows, &columns) == 0, rows > 0, columns > 0 else {
      return Size(rows: 24, columns: 80)
    }
    return Size(rows: Int(rows), columns: Int(columns))
  }

  /// Draws the lines over what is there, without a moment of emptiness.
  package func show(_ lines: [String]) {
    var text = "\u{1B}[H"
    for (index, line) in lines.enumerated() {
      text += line + "\u{1B}[m\u{1B}[K"
      if index < lines.count - 1 { text += "\r\n" }
    }
    write(text + "\u{1B}[J")
  }

  /// What was typed; nothing when nothing was. Does not wait.
  package func read() -> [UInt8] {
    guard clinux_wait_readable([descriptor], 1, 0) > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count > 0 else {
      isGone = count == 0 || errno == EIO
      return []
    }
    return Array(bytes[..<count])
  }

  private func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
