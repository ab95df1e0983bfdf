import BudgetCore
import CLinux
import Glibc
import Supervision
import Terminal

/// A view that is drawn again and again, until q, a signal, or an error.
///
/// On a terminal it has the alternate screen for itself and gives everything back, however it ends. Without one it
/// prints each look under the other.
struct LiveScreen {
  let interval: Interval

  /// What a view does with a key.
  enum Reaction {
    /// Look again at once.
    case refresh
    /// Draw what is known.
    case redraw
    case end
  }

  /// A view of plain text. Only q ends it.
  func run(_ text: () throws(StartError) -> String) throws(StartError) {
    var lines: [String] = []
    try run(
      look: { () throws(StartError) in lines = try text().split(separator: "\n").map(String.init) },
      draw: { size in lines.prefix(max(1, size.rows)).map { $0.cut(to: size.columns) } },
      react: { $0 == .character("q") ? .end : .redraw })
  }

  /// - Parameters:
  ///   - look: asks anew; an error ends the view.
  ///   - draw: what is to be seen now, at most as many lines as there are.
  func run(
    look: () throws(StartError) -> Void, draw: (RawTerminal.Size) -> [String], react: (Key) -> Reaction
  ) throws(StartError) {
    guard let inbox = SignalInbox([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT]) else {
      throw StartError("No descriptor is left to hear of signals.")
    }
    let terminal = RawTerminal()
    terminal?.enter()
    defer { terminal?.leave() }
    var keys = KeyParser()
    var mustLook = true
    var next = Self.now()
    while true {
      if mustLook || Self.now() >= next {
        try look()
        next = Self.now() + interval
        mustLook = false
        if terminal == nil { Self.printLines(draw(RawTerminal.Size(rows: .max, columns: .max))) }
      }
      if let terminal { terminal.show(draw(terminal.size)) }
      _ = clinux_wait_readable(
        [inbox.descriptor, terminal?.descriptor ?? -1], 2, Int(max(0, (next - Self.now()).nanoseconds)))
      while let signal = inbox.next() {
        guard Self.goesOn(after: signal, terminal) else { return }
      }
      for key in keys.receive(terminal?.read() ?? []) {
        switch react(key) {
        case .end: return
        case .refresh: mustLook = true
        case .redraw: break
        }
      }
      if terminal?.isGone == true { return }
    }
  }

  private static func goesOn(after signal: Int32, _ terminal: RawTerminal?) -> Bool {
    switch signal {
    case SIGWINCH: return true
    case SIGTSTP:
      terminal?.leave()
      kill(getpid(), SIGSTOP)
      return true
    case SIGCONT:
      terminal?.enter()
      return true
    default: return false
    }
  }

  private static func printLines(_ lines: [String]) {
    StandardOutput.write(lines.map { $0 + "\n" }.joined() + "\n")
  }

  private static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }
}
