import BudgetCore
import Configuration
import ControlServer
import Ingestion
import Logging
import Snapshots

/// Everything `tallygate run` needs to know, from flags, environment, file and defaults, in that order.
struct RunSettings: Sendable {
  var loaded: LoadedConfiguration
  var stdin: Bool
  var exitOnEOF: Bool
  var output: OutputFormat
  var udp: UDPAddress?
  var unixgramPath: String?
  var web: HTTPListenAddress?
  var otelNames: Bool
  var control: HTTPListenAddress?
  var controlSocket: HTTPListenAddress?
  var access: AccessSettings
  var authorize: AuthorizeRules
  var stateDirectory: String?
  var snapshotInterval: Interval
  var syncPolicy: Journal.SyncPolicy
  var logLevel: Logger.Level
  var logFormat: LogSettings.Format
  var readyFile: String?
  var enforce: EnforceRule?
  /// How often to look whether the configuration changed; `nil` is never.
  var configurationWatch: Interval?

  init(flags: RunFlags, environment: Environment) throws(StartError) {
    func value(_ given: String?, _ flag: String) -> String? { given ?? environment[flag: flag] }
    loaded = try LoadedConfiguration(
      file: value(flags.config, "config"), pricesFile: value(flags.prices, "prices"))
    let file = loaded.configuration
    stdin = flags.stdin
    let namesAreOn = try Self.isOn("web.otel-names", environment) ?? file.listeners.otelNames
    otelNames = flags.webOtelNames || namesAreOn ?? false
    exitOnEOF = flags.exitOnEOF
    output = flags.output
    guard stdin || !exitOnEOF else {
      throw StartError("--exit-on-eof goes with --stdin: without it there is no input that could end.")
    }

    let udpText = value(flags.udpListenAddress, "udp.listen-address") ?? file.listeners.udp?.description
    udp = try Self.udpAddress(udpText ?? "127.0.0.1:8125")
    unixgramPath = value(flags.unixgramListenPath, "unixgram.listen-path") ?? file.listeners.unixgramPath
    if unixgramPath?.isEmpty == true { unixgramPath = nil }
    web = try Self.httpAddress(
      value(flags.webListenAddress, "web.listen-address") ?? file.listeners.web?.description ?? ":9465",
      flag: "web.listen-address")
    control = try Self.httpAddress(
      value(flags.controlListenAddress, "control.listen-address") ?? file.control.address?.description
        ?? "127.0.0.1:9466",
      flag: "control.listen-address")
    if let path = value(flags.controlSocket, "control.socket") ?? file.control.socketPath, !path.isEmpty {
      controlSocket = try Self.httpAddress("unix:" + path, flag: "control.socket")
    }

    authorize = AuthorizeRules(
      headers: file.authorize.headers.map { AuthorizeRules.HeaderTag(header: $0.header, tag: $0.tag) },
      deniedStatus: HTTPStatus(file.authorize.deniedStatus), required: file.authorize.required)
    access = try AccessSettings(flags: flags, environment: environment, file: file)
    stateDirectory = value(flags.stateDir, "state.dir") ?? file.state.directory
    if stateDirectory?.isEmpty == true { stateDirectory = nil }
    snapshotInterval = try Self.interval(
      value(flags.stateSnapshotInterval, "state.snapshot-interval"), flag: "state.snapshot-interval",
      otherwise: file.state.snapshotInterval ?? .minutes(1))
    let watch = value(flags.configWatch, "config.watch") ?? "2s"
    if !["", "off", "0", "0s"].contains(watch) {
      configurationWatch = try Self.interval(watch, flag: "config.watch", otherwise: .seconds(2))
    }
    syncPolicy = try Self.syncPolicy(
      value(flags.stateFsync, "state.fsync") ?? (file.state.fsync ?? .interval).rawValue)
    enforce = try EnforceRule(flags: flags.enforce, environment: environment, file: file.enforce)
    readyFile = value(flags.readyFile, "ready-file")
    if readyFile?.isEmpty == true { readyFile = nil }
    loaded.configuration.ledger.bounds.maxSeries = try Self.count(
      value(flags.maxSeries, "max-series"), flag: "max-series", otherwise: file.ledger.bounds.maxSeries)
    logLevel = try Self.logLevel(value(flags.logLevel, "log.level") ?? file.log.level?.rawValue ?? "info")
    logFormat = try Self.logFormat(value(flags.logFormat, "log.format") ?? file.log.format?.rawValue ?? "logfmt")
  }

  private static func udpAddress(_ text: String) throws(StartError) -> UDPAddress? {
    guard !text.isEmpty else { return nil }
    do throws(IngestionError) {
      return try UDPAddress(text)
    } catch {
      throw StartError("--udp.listen-address: \(error)")
    }
  }

  private static func httpAddress(_ text: String, flag: String) throws(StartError) -> HTTPListenAddress? {
    guard !text.isEmpty else { return nil }
    do throws(HTTPServerError) {
      return try HTTPListenAddress(parsing: text)
    } catch {
      throw StartError("--\(flag): \(error)")
    }
  }

  private static func interval(_ text: String?, flag: String, otherwise: Interval) throws(StartError) -> Interval {
    guard let text else { return otherwise }
    guard let interval = DurationText.parse(text), interval >= .seconds(1), interval <= .days(1) else {
      throw StartError("--\(flag): must be a duration from 1s to 24h, got \"\(text)\". Write for example 1m.")
    }
    return interval
  }

  private static func syncPolicy(_ text: String) throws(StartError) -> Journal.SyncPolicy {
    switch StateSettings.Fsync(rawValue: text) {
    case .always: return .always
    case .interval: return .interval(.seconds(1))
    case .never: return .never
    case nil: throw StartError("--state.fsync: must be always, interval or never, got \"\(text)\".")
    }
  }

  private static func count(_ text: String?, flag: String, otherwise: Int) throws(StartError) -> Int {
    guard let text else { return otherwise }
    guard let count = Int(text), count >= 1, count <= 10_000_000 else {
      throw StartError("--\(flag): must be a whole number from 1 to 10000000, got \"\(text)\".")
    }
    return count
  }

  private static func logLevel(_ text: String) throws(StartError) -> Logger.Level {
    guard let level = Logger.Level(rawValue: text) else {
      let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw StartError("--log.level: must be one of \(known), got \"\(text)\".")
    }
    return level
  }

  private static func logFormat(_ text: String) throws(StartError) -> LogSettings.Format {
    guard let format = LogSettings.Format(rawValue: text) else {
      throw StartError("--log.format: must be logfmt or json, got \"\(text)\".")
    }
    return format
  }

  /// What the environment says of a flag without a value; `nil` when it says nothing.
  private static func isOn(_ flag: String, _ environment: Environment) throws(StartError) -> Bool? {
    switch environment[flag: flag] {
    case nil: nil
    case "true": true
    case "false": false
    case let text?: throw StartError("\(Environment.name(of: flag)) is \(text); it must be true or false.")
    }
  }
}
