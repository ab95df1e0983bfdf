import ArgumentParser
import BudgetCore
import CLinux
import Configuration

/// `tallygate run`: the sidecar.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the sidecar: take usage lines, serve metrics, answer the control endpoint.",
    discussion: """
      Without any flag it counts and exports what arrives, and no budget limits it. Every flag that takes a value \
      has an environment variable: TALLYGATE_UDP_LISTEN_ADDRESS for --udp.listen-address. A flag wins over its \
      variable, the variable over the configuration file. Port 0 picks a free port; an empty address switches a \
      listener off.

      Examples:
        tallygate run --config config/tallygate.yaml
        producer | tallygate run --stdin
        tallygate run --stdin --exit-on-eof < usage.log

      SIGHUP and POST /-/reload read the configuration again: budgets, pools, prices and bounds act on the next \
      decision, and nothing that was counted is lost.

      SIGTERM and SIGINT take in what has arrived, answer what is running, write a snapshot and end with 0.
      """)

  @OptionGroup var flags: RunFlags

  func run() async throws {
    // A scrape and a snapshot take megabytes for a moment.
    clinux_give_back_large_blocks()
    do {
      let environment = Environment.current
      let settings = try RunSettings(flags: flags, environment: environment)
      try await Sidecar(settings: settings, flags: flags, environment: environment).run()
    } catch let error as StartError {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }
}
