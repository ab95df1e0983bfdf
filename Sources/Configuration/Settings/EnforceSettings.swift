package import BudgetCore

/// The process that is signalled when a budget is gone. `nil`: not set in the file.
package struct EnforceSettings: Hashable, Sendable {
  package enum Action: String, CaseIterable, Sendable { case stop, pause, kill }

  /// The program's file name, as the kernel keeps it.
  package var process: String?
  /// A file whose first line is the process's number.
  package var pidFile: String?
  package var action: Action?
  /// From SIGTERM to SIGKILL.
  package var grace: Interval?
  /// The budgets that count; `nil`: those that are per nothing or per agent.
  package var budgets: [String]?

  package init() {}
}
