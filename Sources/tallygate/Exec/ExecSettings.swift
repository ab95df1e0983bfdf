import BudgetCore
import Configuration
import Ingestion
import Supervision

/// Everything `tallygate exec` needs to know, from its flags and the files that they name.
struct ExecSettings: Sendable {
  /// What it exits with when it could not begin, as `timeout` and `env` do.
  static let cannotBegin: Int32 = 125
  /// What it exits with when a budget was exceeded.
  static let exceeded: Int32 = 3

  let command: [String]
  let ledger: LedgerSettings
  let warnings: [String]
  let action: ExceedAction
  let grace: Interval
  let udp: UDPAddress?
  let usageStdout: Bool
  let usageDescriptor: Int32?
  let control: Bool
  let summaryFile: String?
  let output: OutputFormat

  init(flags: ExecFlags, command: [String]) throws(StartError) {
    guard !command.isEmpty else {
      throw StartError(
        "No command was given. Write it behind --, for example: tallygate exec --max-tokens 500K -- make")
    }
    self.command = command
    let loaded = try LoadedConfiguration(file: flags.config, pricesFile: flags.prices)
    warnings = loaded.warnings
    var ledger = loaded.configuration.ledger
    // Nothing is exported; the summary goes by these two.
    ledger.labels = [TagName.model, TagName.tokenType]
    ledger.budgets += try Self.budgets(flags)
    self.ledger = ledger
    action = flags.onExceed
    guard let grace = DurationText.parse(flags.grace), grace <= .days(1) else {
      throw StartError("--grace: must be a duration up to 24h, got \"\(flags.grace)\". Write for example 10s.")
    }
    self.grace = grace
    do throws(IngestionError) {
      udp = flags.udp.isEmpty ? nil : try UDPAddress(flags.udp)
    } catch {
      throw StartError("--udp.listen-address: \(error)")
    }
    usageStdout = flags.usageStdout
    if let number = flags.usageDescriptor {
      guard (3...255).contains(number) else {
        throw StartError("--usage-fd: must be a number from 3 to 255, got \(number). Write for example --usage-fd 3.")
      }
      usageDescriptor = Int32(number)
    } else {
      usageDescriptor = nil
    }
    control = flags.control
    summaryFile = flags.summary
    output = flags.output
  }

  /// One budget for each limit that a flag names, over everything that the command uses.
  private static func budgets(_ flags: ExecFlags) throws(StartError) -> [Budget] {
    guard let warnAt = NumberText.decimal(flags.warnAt, decimals: 6), warnAt <= 1_000_000 else {
      throw StartError("--warn-at: must be a number from 0 to 1, got \"\(flags.warnAt)\". Write for example 0.8.")
    }
    var budgets: [Budget] = []
    func add(_ name: String, _ unit: BudgetUnit, _ limit: Quantity) {
      budgets.append(
        Budget(
          name: name, unit: unit, limit: limit, window: .lifetime(idleExpiry: nil),
          warnAt: Ratio(millionths: Int64(warnAt))))
    }
    for (name, unit, text) in [
      ("max-tokens", BudgetUnit.tokens, flags.maxTokens), ("max-requests", .requests, flags.maxRequests),
    ] {
      guard let text else { continue }
      guard let limit = NumberText.whole(text) else {
        throw StartError("--\(name): must be a whole number, got \"\(text)\". Write for example 500000 or 500K.")
      }
      add(name, unit, Quantity(limit))
    }
    if let text = flags.maxCost {
      guard let limit = NumberText.decimal(text, decimals: 12) else {
        throw StartError("--max-cost: must be an amount of US dollars, got \"\(text)\". Write for example 2.50.")
      }
      add("max-cost", .cost, limit)
    }
    return budgets
  }
}
