import ArgumentParser
import Configuration
import Logging
import Supervision

/// `tallygate exec`: a command with a budget.
struct ExecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run a command and stop it when its budget is gone.",
    discussion: """
      The command finds a port for usage lines in STATSD_HOST and STATSD_PORT (and in DD_AGENT_HOST, \
      DD_DOGSTATSD_PORT, DD_DOGSTATSD_URL), so any statsd client reports to it as it is. With --usage-stdout, usage \
      lines on its standard output are counted and passed on with everything else; with --usage-fd 3 it may write \
      them to that descriptor. JSON usage objects count there too.

      Exits with the command's own status (128 and the number of the signal that ended it), with 3 when a budget was \
      exceeded, with 125 when it could not begin, with 126 when the command cannot be run and 127 when it is not there.

      Examples:
        tallygate exec --max-cost 2.50 -- pytest -q
        tallygate exec --max-tokens 500K --usage-stdout --on-exceed kill -- ./agent.sh
        tallygate exec --config tallygate.yaml --summary spent.json --output json -- make evals
      """)

  @OptionGroup var flags: ExecFlags

  @Argument(parsing: .postTerminator, help: "The command and its arguments, behind --.")
  var command: [String] = []

  func run() throws {
    do {
      let settings = try ExecSettings(flags: flags, command: command)
      // Standard error is the command's: only what nobody may miss is logged.
      LoggingSystem.bootstrap { LineLogHandler(label: $0, level: .error, format: .logfmt) }
      let code = try ExecRun(settings).run()
      if code != 0 { throw ExitCode(code) }
    } catch let error as SpawnError {
      StandardError.write("error: \(error)\n")
      throw ExitCode(error.exitCode)
    } catch let error as StartError {
      StandardError.write(error.description + "\n")
      throw ExitCode(ExecSettings.cannotBegin)
    }
  }
}

/// The flags of `tallygate exec`.
struct ExecFlags: ParsableArguments {
  @Option(
    name: .customLong("max-tokens"),
    help: ArgumentHelp("Most tokens of all kinds together, for example 500K.", valueName: "count"))
  var maxTokens: String?

  @Option(name: .customLong("max-cost"), help: ArgumentHelp("Most US dollars, for example 2.50.", valueName: "usd"))
  var maxCost: String?

  @Option(name: .customLong("max-requests"), help: ArgumentHelp("Most calls of a model.", valueName: "count"))
  var maxRequests: String?

  @Option(
    name: .customLong("warn-at"),
    help: ArgumentHelp("The share of these limits that is told of when it is reached.", valueName: "share"))
  var warnAt = "0.8"

  @Option(
    name: .customLong("config"),
    help: ArgumentHelp("A configuration file with budgets and prices.", valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("prices"),
    help: ArgumentHelp("Prices in the shape of LiteLLM's file, over the built-in ones.", valueName: "file"))
  var prices: String?

  @Option(
    name: .customLong("on-exceed"),
    help: "What to do when a budget is gone: stop (SIGTERM, then SIGKILL), pause (SIGSTOP), kill (SIGKILL) or warn.")
  var onExceed = ExceedAction.stop

  @Option(help: ArgumentHelp("From SIGTERM to SIGKILL.", valueName: "duration"))
  var grace = "10s"

  @Option(
    name: .customLong("udp.listen-address"),
    help: ArgumentHelp(
      "Where to take usage lines over UDP; port 0 picks a free one, an empty address is off.", valueName: "host:port"))
  var udp = "127.0.0.1:0"

  @Flag(name: .customLong("usage-stdout"), help: "Count the usage lines on the command's standard output.")
  var usageStdout = false

  @Option(
    name: .customLong("usage-fd"),
    help: ArgumentHelp("Let the command write usage lines to this descriptor, 3 or more.", valueName: "number"))
  var usageDescriptor: Int?

  @Flag(help: "Serve the control endpoint to the command, on a free port that TALLYGATE_CONTROL names.")
  var control = false

  @Option(help: ArgumentHelp("Write the summary to this file. (default: standard error)", valueName: "file"))
  var summary: String?

  @Option(help: "How to write the summary: text or json.")
  var output = OutputFormat.text
}

extension ExceedAction: ExpressibleByArgument {}
