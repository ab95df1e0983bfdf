import ArgumentParser

struct Tallygate: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "tallygate",
    abstract: "Tally what LLM agents spend; gate what they may still spend.",
    discussion: """
      A sidecar for LLM agents. Agents send usage lines (statsd, DogStatsD) over UDP, a Unix datagram socket or \
      stdin; Prometheus scrapes /metrics; whoever is about to spend asks the control endpoint first.

      A first try, in two terminals:
        tallygate run --config config/tallygate.yaml
        echo 'tokens:1200|c|#agent:planner,user:alice,model:gpt-4o,kind:output' > /dev/udp/127.0.0.1/8125
        curl -s localhost:9465/metrics | grep planner
      """,
    version: version,
    subcommands: [
      RunCommand.self, ExecCommand.self, ValidateCommand.self, StatusCommand.self, SnapshotCommand.self,
      AuditCommand.self, RulesCommand.self, ReplayCommand.self,
    ] + askingCommands)

  /// Those that ask a running sidecar.
  private static let askingCommands: [any ParsableCommand.Type] = [
    TopCommand.self, UsageCommand.self, ReportCommand.self, AlertsCommand.self, EventsCommand.self, CheckCommand.self,
    EstimateCommand.self, AdviseCommand.self, SetCommand.self, TopUpCommand.self, ResetCommand.self, StopCommand.self,
    ResumeCommand.self,
  ]
}
