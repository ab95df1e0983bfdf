import ArgumentParser
import Backtest
import BudgetCore
import Configuration
import JSONText

/// `tallygate replay TRACE…`: what budgets and their forecasts would have made of recorded use.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run recorded usage through the budgets of a configuration, and score its forecasts.",
    discussion: """
      A trace is comma-separated values with a line of names. Time is one of time or timestamp (seconds since 1970, \
      or as 2026-11-21T03:00:00Z), \
      minute, bin, or day and hour; amounts are input_tokens, output_tokens, tokens, requests and cost_usd; every other \
      column is a tag. The clock is the trace's: a fortnight takes seconds. Windows are scored from the second week on, \
      at 25, 50 and 75 % of their length, beside the usual extrapolations. A journal is replayed from an empty ledger, \
      a state directory from its snapshot; nothing in them is changed.

      Examples:
        tallygate replay usage.csv --config tallygate.yaml
        tallygate replay usage.csv --config tallygate.yaml --chart day.svg --account agent=researcher
        tallygate replay *.csv --config tallygate.yaml --limit-follows-use --output json
        tallygate replay *.csv --config tallygate.yaml --callers
        tallygate replay /var/lib/tallygate --config tallygate.yaml
      """)

  @Argument(help: "Traces, journals or state directories, each replayed by itself.")
  var traces: [String]

  @Option(help: ArgumentHelp("The configuration whose budgets apply.", valueName: "file"))
  var config: String

  @Flag(help: "Set each account's limit to the mean of its last seven windows, to test alerts on limits near use.")
  var limitFollowsUse = false

  @Flag(
    help: """
      Let callers of four priorities reserve each call and wait as they are told, with and without on_forecast; count \
      the calls that are denied.
      """)
  var callers = false

  @Option(help: "Seconds in a bin.")
  var binSeconds: Int64 = 600

  @Option(help: ArgumentHelp("Columns that count requests, separated by commas.", valueName: "names"))
  var requestColumns: String = ""

  @Option(help: ArgumentHelp("Draw one account's course into this file.", valueName: "file.svg"))
  var chart: String?

  @Option(help: ArgumentHelp("The account to draw, by its tags.", valueName: "tag=value,…"))
  var account: String?

  @Option(help: ArgumentHelp("The budget whose account to draw, where several have one.", valueName: "name"))
  var budget: String?

  @Option(help: "How to print the result: text or json.")
  var output = OutputFormat.text

  private static let largestTrace = 1 << 30

  func validate() throws {
    guard (1...86_400).contains(binSeconds) else {
      throw ValidationError("--bin-seconds must be from 1 to 86400; got \(binSeconds).")
    }
    guard chart == nil || account != nil else {
      throw ValidationError("--chart draws one account: name it, for example --account agent=researcher.")
    }
    guard chart == nil || traces.count == 1 else {
      throw ValidationError("--chart draws one trace; got \(traces.count).")
    }
    guard chart != nil || account == nil && budget == nil else {
      throw ValidationError(
        "--account and --budget say what --chart draws: name its file, for example --chart day.svg.")
    }
    guard !callers || chart == nil && !limitFollowsUse else {
      throw ValidationError(
        "--callers draws no chart, and its limits follow use anyway: leave --chart and --limit-follows-use out.")
    }
  }

  func run() async throws {
    do throws(StartError) {
      var loaded = try LoadedConfiguration(file: config, pricesFile: nil)
      for warning in loaded.warnings { StandardError.write("warning: \(warning)\n") }
      // Nobody is asked for anything here: what a scope used is not looked at.
      loaded.configuration.ledger.scopes = []
      var json = JSONWriter()
      json.beginArray()
      if callers {
        for path in traces { try tryCallers(path, settings: loaded.configuration.ledger, to: &json) }
      } else {
        try score(settings: loaded.configuration.ledger, to: &json)
      }
      json.endArray()
      if output == .json { json.printLine() }
    } catch {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }

  /// Replays each source, and prints each result and that of all together.
  private func score(settings: LedgerSettings, to json: inout JSONWriter) throws(StartError) {
    var together: Backtest?
    for path in traces {
      let start = ContinuousClock.now
      let (result, badRows) = try replay(path, settings: settings)
      let seconds = Interval(ContinuousClock.now - start).inSeconds
      StandardError.write(
        "\(path): \(result.traceSeconds / 86_400) days in \(seconds) s: "
          + "\(Int64((Double(result.traceSeconds) / max(seconds, 1e-3)).rounded())) times as fast\n")
      write(path, result, badRows, to: &json)
      if let chart { try draw(result, to: chart) }
      if together == nil { together = result } else { together?.add(result) }
    }
    if traces.count > 1, let together { write("together", together, [], to: &json) }
  }

  private func write(_ name: String, _ result: Backtest, _ badRows: [Trace.BadRow], to json: inout JSONWriter) {
    switch output {
    case .text: StandardOutput.write(BacktestTable.text(name, result))
    case .json: BacktestJSON.append(name, result, badRows: badRows, to: &json)
    }
  }

  private func replay(_ path: String, settings: LedgerSettings) throws(StartError) -> (Backtest, [Trace.BadRow]) {
    var options = Backtest.Options()
    options.limitFollowsUse = limitFollowsUse
    if chart != nil { options.charted = try accountTags() }
    options.chartedBudget = budget
    if let result = try replayState(path, settings: settings, options: options) { return (result, []) }
    let trace = try read(path)
    var told = 0
    let result = Backtest(trace, settings: settings, options: options) { share in
      guard Int(share * 10) > told else { return }
      told = Int(share * 10)
      StandardError.write("\(path): \(told * 10) %\n")
    }
    return (result, trace.badRows)
  }

  func read(_ path: String) throws(StartError) -> Trace {
    var columns = TraceColumns()
    columns.binLength = binSeconds
    columns.requestColumns = Set(requestColumns.split(separator: ",").map(String.init))
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(path, limit: Self.largestTrace, regular: false)
    } catch {
      throw StartError("\(path): the trace cannot be read: \(error.message).")
    }
    let trace: Trace
    do throws(Trace.BadRow) {
      trace = try Trace(csv: bytes, columns: columns)
    } catch {
      throw StartError("\(path): \(error).")
    }
    for row in trace.badRows.prefix(20) { StandardError.write("\(path): \(row); left out\n") }
    if trace.badRows.count > 20 { StandardError.write("\(path): … and \(trace.badRows.count - 20) more rows\n") }
    return trace
  }

  private func accountTags() throws(StartError) -> [Tag] {
    var tags: [Tag] = []
    for pair in (account ?? "").split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else {
        throw StartError("--account: '\(pair)' is no tag. Write it as tag=value, for example agent=researcher.")
      }
      tags.append(Tag(key: String(parts[0]), value: String(parts[1])))
    }
    return tags
  }

  private func draw(_ result: Backtest, to file: String) throws(StartError) {
    guard let drawn = result.charted.first, let svg = BacktestChart.svg(drawn.samples, title: drawn.account) else {
      throw StartError("--account \(account ?? ""): no account of the trace has these tags.")
    }
    if result.charted.count > 1 {
      StandardError.write(
        "warning: \(result.charted.count) accounts have these tags; drawn is \(drawn.account). Name more tags, or --budget.\n"
      )
    }
    do throws(FileWriteError) {
      try AtomicFile.write(Array(svg.utf8), to: file)
    } catch {
      throw StartError("\(file): the chart cannot be written: \(error.message).")
    }
  }
}
