import ArgumentParser

/// The flags of `tallygate run` that name the process to act against.
struct EnforceFlags: ParsableArguments {
  @Option(
    name: .customLong("enforce.process"),
    help: ArgumentHelp(
      "When a budget is gone, signal the processes that run this program. (default: off)", valueName: "name"))
  var process: String?

  @Option(
    name: .customLong("enforce.pid-file"),
    help: ArgumentHelp("The same for the process whose number is in this file. (default: off)", valueName: "file"))
  var pidFile: String?

  @Option(
    name: .customLong("enforce.action"),
    help: ArgumentHelp("stop (SIGTERM, then SIGKILL), pause (SIGSTOP) or kill. (default: stop)", valueName: "action"))
  var action: String?

  @Option(
    name: .customLong("enforce.grace"),
    help: ArgumentHelp("From SIGTERM to SIGKILL. (default: 10s)", valueName: "duration"))
  var grace: String?
}
