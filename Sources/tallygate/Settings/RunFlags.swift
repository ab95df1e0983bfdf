import ArgumentParser

/// The flags of `tallygate run`. What is not given is looked up in the environment, then in the file.
struct RunFlags: ParsableArguments {
  @Option(name: .customLong("config"), help: ArgumentHelp("The configuration file (YAML).", valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("config.watch"),
    help: ArgumentHelp(
      "How often to look whether the configuration or the price file changed, and read it again when it did; off for "
        + "never. (default: 2s)", valueName: "duration"))
  var configWatch: String?

  @Option(
    name: .customLong("prices"),
    help: ArgumentHelp(
      "Prices that override the built-in table, in the shape of LiteLLM's model_prices_and_context_window.json.",
      valueName: "file"))
  var prices: String?

  @Flag(name: .customLong("stdin"), help: "Take usage lines from standard input too.")
  var stdin = false

  @Flag(
    name: .customLong("exit-on-eof"),
    help: "With --stdin: print a summary and exit when the input ends, instead of going on serving.")
  var exitOnEOF = false

  @Option(help: "How --exit-on-eof prints its summary: text or json.")
  var output = OutputFormat.text

  @Option(
    name: .customLong("udp.listen-address"),
    help: ArgumentHelp("Where to take usage lines over UDP. (default: 127.0.0.1:8125)", valueName: "host:port"))
  var udpListenAddress: String?

  @Option(
    name: .customLong("unixgram.listen-path"),
    help: ArgumentHelp("Take usage lines on a Unix datagram socket. (default: off)", valueName: "path"))
  var unixgramListenPath: String?

  @Option(
    name: .customLong("web.listen-address"),
    help: ArgumentHelp(
      "Where to serve the status page, /metrics, /snapshot and health. (default: :9465)", valueName: "host:port"))
  var webListenAddress: String?

  @Option(
    name: .customLong("control.listen-address"),
    help: ArgumentHelp("Where to answer decisions and reservations. (default: 127.0.0.1:9466)", valueName: "host:port"))
  var controlListenAddress: String?

  @Option(
    name: .customLong("control.socket"),
    help: ArgumentHelp("Answer the control endpoint on a Unix socket too. (default: off)", valueName: "path"))
  var controlSocket: String?

  @Option(
    name: .customLong("control.operator-token-file"),
    help: ArgumentHelp(
      "Bearer tokens, one a line, of those who may change things. (default: none, such verbs answer 403)",
      valueName: "file"))
  var controlOperatorTokenFile: String?

  @Option(
    name: .customLong("control.agent-token-file"),
    help: ArgumentHelp(
      "Bearer tokens, one a line, of those who may ask, reserve and record. (default: none, everyone may)",
      valueName: "file"))
  var controlAgentTokenFile: String?

  @Option(
    name: .customLong("control.socket-agents"),
    help: ArgumentHelp(
      "Who on the Unix socket needs no agent's token: any, none, same-user (and root), or user ids. "
        + "(default: any without a file of agents' tokens, none with one)", valueName: "peers"))
  var controlSocketAgents: String?

  @Option(
    name: .customLong("control.socket-operators"),
    help: ArgumentHelp(
      "Who on the Unix socket is an operator without a token: any, none, same-user (and root), or user ids. "
        + "(default: none)", valueName: "peers"))
  var controlSocketOperators: String?

  @Option(
    name: .customLong("web.config.file"),
    help: ArgumentHelp(
      "TLS, fields and users of the web listener, in the form of Prometheus' exporter-toolkit. (default: none)",
      valueName: "file"))
  var webConfigFile: String?

  @Flag(
    name: .customLong("web.otel-names"),
    help: "Show traffic in /metrics under OpenTelemetry's generative AI names too.")
  var webOtelNames = false

  @Option(
    name: .customLong("control.config.file"),
    help: ArgumentHelp(
      "TLS of the control listener, in the same form; without users. (default: none)", valueName: "file"))
  var controlConfigFile: String?

  @Option(
    name: .customLong("web.scraper-token-file"),
    help: ArgumentHelp(
      "Bearer tokens, one a line, of those who may read the status page, /metrics and /snapshot. (default: none, everyone may)",
      valueName: "file"))
  var webScraperTokenFile: String?

  @Option(
    name: .customLong("state.dir"),
    help: ArgumentHelp(
      "Where snapshots and the journal are kept, so that a restart renews no budget. (default: none, state is lost at the end)",
      valueName: "directory"))
  var stateDir: String?

  @Option(
    name: .customLong("state.snapshot-interval"),
    help: ArgumentHelp("How often to write a snapshot. (default: 1m)", valueName: "duration"))
  var stateSnapshotInterval: String?

  @Option(
    name: .customLong("state.fsync"),
    help: ArgumentHelp(
      "When the journal is forced to the disk: always (before an answer), interval (each second), never. "
        + "(default: interval)", valueName: "policy"))
  var stateFsync: String?

  @OptionGroup var enforce: EnforceFlags

  @Option(
    name: .customLong("max-series"),
    help: ArgumentHelp(
      "Most series that are exported; further ones fold into __other__. (default: 100000)", valueName: "count"))
  var maxSeries: String?

  @Option(
    name: .customLong("log.level"),
    help: ArgumentHelp("trace, debug, info, notice, warning, error or critical. (default: info)", valueName: "level"))
  var logLevel: String?

  @Option(name: .customLong("log.format"), help: ArgumentHelp("logfmt or json. (default: logfmt)", valueName: "format"))
  var logFormat: String?

  @Option(
    name: .customLong("ready-file"),
    help: ArgumentHelp("Write the addresses in use to this file, as JSON, once everything listens.", valueName: "path"))
  var readyFile: String?
}
