import BudgetCore
import Configuration
import Supervision

/// Which process is acted against, how, and for which budgets.
struct EnforceRule: Hashable, Sendable {
  let target: ProcessTarget
  let action: ExceedAction
  let grace: Interval
  /// `nil`: those that are per nothing or per agent. One user's budget is no reason to stop everybody's agent.
  let budgets: [String]?

  /// `nil` when no process is named. A flag that names one wins over the file, whatever kind it is.
  init?(flags: EnforceFlags, environment: Environment, file: EnforceSettings) throws(StartError) {
    func value(_ given: String?, _ flag: String) -> String? {
      let value = given ?? environment[flag: flag]
      return value?.isEmpty == true ? nil : value
    }
    let name = value(flags.process, "enforce.process")
    let path = value(flags.pidFile, "enforce.pid-file")
    switch (name, path) {
    case (.some, .some): throw StartError("--enforce.process and --enforce.pid-file: name the process by one of them.")
    case (let name?, nil):
      guard EnforceSettings.isProcessName(name) else {
        throw StartError("--enforce.process: must be the file name of a program, without its folder, got \"\(name)\".")
      }
      target = .named(name)
    case (nil, let path?): target = .pidFile(path)
    case (nil, nil):
      if let name = file.process {
        target = .named(name)
      } else if let path = file.pidFile {
        target = .pidFile(path)
      } else {
        return nil
      }
    }
    action = try Self.action(value(flags.action, "enforce.action") ?? (file.action ?? .stop).rawValue)
    grace = try Self.grace(value(flags.grace, "enforce.grace")) ?? file.grace ?? .seconds(10)
    budgets = file.budgets
  }

  private static func action(_ text: String) throws(StartError) -> ExceedAction {
    guard EnforceSettings.Action(rawValue: text) != nil, let action = ExceedAction(rawValue: text) else {
      throw StartError("--enforce.action: must be stop, pause or kill, got \"\(text)\".")
    }
    return action
  }

  private static func grace(_ text: String?) throws(StartError) -> Interval? {
    guard let text else { return nil }
    guard let grace = DurationText.parse(text), grace <= .hours(1) else {
      throw StartError("--enforce.grace: must be a duration up to 1h, got \"\(text)\". Write for example 10s.")
    }
    return grace
  }

  /// Whether the process is to answer for an account.
  func counts(_ budget: Budget) -> Bool {
    guard budget.mode == .enforce else { return false }
    return budgets.map { $0.contains(budget.name) } ?? budget.per.allSatisfy { $0 == TagName.agent }
  }
}

extension AccountStatus {
  /// More was used than the limit and its grace allow.
  var isGone: Bool {
    guard let limit else { return false }
    return budget.stopGrace == nil ? used > limit : isStopped
  }
}
