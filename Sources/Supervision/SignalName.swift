import Glibc

/// The names of the signals that enforcement sends.
package enum SignalName {
  package static let enforcing = [SIGTERM, SIGCONT, SIGSTOP, SIGKILL]

  package static func text(_ signal: Int32) -> String {
    switch signal {
    case SIGTERM: "SIGTERM"
    case SIGCONT: "SIGCONT"
    case SIGSTOP: "SIGSTOP"
    case SIGKILL: "SIGKILL"
    default: "signal \(signal)"
    }
  }
}
