import ArgumentParser
import BudgetCore
import Configuration
import JSONText
import Reports
import Terminal

/// `tallygate report`: who spent what, for those who pay.
struct ReportCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json, focus
  }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Report who spent what, by any label, and the habits that cost money.",
    discussion: """
      Sums what was counted since counting began, by any tag that the configuration lists under labels. With --base, \
      an earlier report in JSON, only what came since: keep the last one of each month and the next is a month's \
      chargeback. The format focus has the columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification).

      Examples:
        tallygate report --by team
        tallygate report --by team --format json > november.json
        tallygate report --by team --base november.json --format focus > december.csv
      """)

  private static let largestBase = 64 << 20

  @OptionGroup var control: ControlOptions

  @Option(help: ArgumentHelp("The label whose values are told apart.", valueName: "tag"))
  var by = "agent"

  @Option(help: "table, csv, json or focus.")
  var format = Format.table

  @Option(
    help: ArgumentHelp("An earlier report in JSON, by the same label: report what came since.", valueName: "file"))
  var base: String?

  @Option(help: ArgumentHelp("When counting began, for the format focus without --base.", valueName: "RFC 3339"))
  var since: String?

  @Option(help: ArgumentHelp("Who is billed, for the format focus.", valueName: "name"))
  var billingAccount = "tallygate"

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      let reading = try UsageReading(sidecar, by: by)
      let earlier = try base.map { path throws(StartError) in try earlierReading(path) }
      let report = UsageReport(tag: by, rows: earlier.map { reading.rows.since($0.rows) } ?? reading.rows)
      switch format {
      case .csv: StandardOutput.write(report.csv)
      case .focus: StandardOutput.write(try focus(report, reading, earlier))
      case .table: StandardOutput.write(ReportText.table(report, try findings(sidecar)))
      case .json:
        // The counters themselves, so that the next report can start from here.
        StandardOutput.write(
          ReportText.json(report, counters: reading.rows, time: reading.time, try findings(sidecar)))
      }
    }
  }

  private func earlierReading(_ path: String) throws(StartError) -> UsageReading {
    do throws(BoundedFile.Failure) {
      let bytes = try BoundedFile.read(path, limit: Self.largestBase, regular: false)
      if let value = try? JSONValue.parse(bytes, limits: JSONLimits(values: 5_000_000)), value["by"]?.asString == by,
        let reading = UsageReading(value, rows: "counters", by: by)
      {
        return reading
      }
    } catch {
      throw StartError("--base \(path): \(error.message)")
    }
    throw StartError("--base \(path): no report by \(by). Write one with: tallygate report --by \(by) --format json")
  }

  private func focus(_ report: UsageReport, _ reading: UsageReading, _ earlier: UsageReading?) throws(StartError)
    -> String
  {
    let end = try Self.instant(reading.time, "time")
    guard let begin = earlier.map({ $0.time }) ?? since else {
      throw StartError("--format focus: a charge has a beginning. Say with --since when counting began, or use --base.")
    }
    let start = try Self.instant(begin, "since")
    guard start < end else { throw StartError("--since: \(begin) is not in the past.") }
    return FocusExport(report, from: start, to: end, billingAccount: billingAccount).csv
  }

  private static func instant(_ text: String, _ what: String) throws(StartError) -> Instant {
    guard let instant = Instant(rfc3339: text) else {
      throw StartError("--\(what): \"\(text)\" is no time. Write for example 2026-11-01T00:00:00Z.")
    }
    return instant
  }

  /// What the agents' habits are; nothing where agents are not told apart.
  private func findings(_ sidecar: RemoteSidecar) throws(StartError) -> [AntiPattern] {
    let reply = try sidecar.send("GET", "/v1/totals?by=agent,model,token_type")
    guard reply.status == 200, let agents = UsageReading(reply.value, rows: "rows", by: TagName.agent) else {
      return []
    }
    let accounts = RemoteAccount.all(in: try sidecar.get("/v1/status").value)
    let limited = accounts.filter { $0.limit != nil }.compactMap { account in
      account.tags.first { $0.key == TagName.agent }?.value
    }
    return AntiPattern.find(in: agents.rows, limited: Set(limited))
  }
}
