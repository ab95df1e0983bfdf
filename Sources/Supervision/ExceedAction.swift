/// What is done to a process whose budget is gone.
package enum ExceedAction: String, CaseIterable, Sendable {
  /// It is told of, and goes on.
  case warn
  /// SIGSTOP, until the budget is back.
  case pause
  /// SIGTERM, and SIGKILL when the grace is over.
  case stop
  /// SIGKILL.
  case kill
}
