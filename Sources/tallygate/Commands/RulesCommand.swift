import ArgumentParser
import BudgetCore
import Configuration
import Rules

/// `tallygate rules`: Prometheus rules for the budgets of a configuration.
struct RulesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Write Prometheus recording and alert rules for the budgets of a configuration.",
    discussion: """
      Without --config the rules fit any configuration. With it they name the budgets that the file has, and only \
      those windows have rules. Prints YAML; runs nothing.

      Examples:
        tallygate rules --config config/tallygate.yaml > tallygate.rules.yaml
        tallygate rules --config config/tallygate.yaml --format prometheusrule | kubectl apply -f -
      """)

  @Option(help: ArgumentHelp("The configuration file whose budgets have rules.", valueName: "file"))
  var config: String?

  @Option(help: "prometheus: a rule file; prometheusrule: an object for the Prometheus operator.")
  var format = RuleFile.Format.prometheus

  @Option(
    name: .customLong("runbook-url"),
    help: ArgumentHelp("The page that has a section for each alert.", valueName: "url"))
  var runbooks = RuleSettings.any.runbooks

  @Option(
    name: .customLong("shared-across"),
    help: ArgumentHelp(
      """
      Labels that tell apart the sidecars which share a budget, with commas between them. Empty: each sidecar's limit \
      is its own.
      """, valueName: "labels"))
  var sharedAcross = RuleSettings.any.sharedAcross.joined(separator: ",")

  func run() async throws {
    do throws(StartError) {
      StandardOutput.write(RuleFile(try settings()).text(format))
    } catch {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }

  private func settings() throws(StartError) -> RuleSettings {
    var settings = RuleSettings.any
    if let config {
      let ledger = try LoadedConfiguration(file: config, pricesFile: nil).configuration.ledger
      settings = RuleSettings(budgets: ledger.budgets, watchesRunaways: !ledger.activities.runaways.isEmpty)
    }
    settings.runbooks = runbooks
    settings.sharedAcross = sharedAcross.split(separator: ",").map(String.init)
    if let wrong = settings.sharedAcross.first(where: { !TagGrammar.isLabel($0) }) {
      throw StartError("--shared-across: \"\(wrong)\" is no label. Write for example instance,pod.")
    }
    return settings
  }
}

extension RuleFile.Format: ExpressibleByArgument {}
