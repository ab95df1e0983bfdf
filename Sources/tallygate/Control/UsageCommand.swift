import ArgumentParser
import BudgetCore
import JSONText
import Terminal

/// `tallygate usage`: who used what lately.
struct UsageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage",
    abstract: "Show who used what lately, most tokens first.",
    discussion: """
      By any tag that the configuration lists under scopes: agent, user and model without one.

      Examples:
        tallygate usage
        tallygate usage --by model --window 1h --top 5
      """)

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("The tag whose values are told apart.", valueName: "tag"))
  var by = "agent"

  @Option(help: "How far to look back: 1m, 5m, 1h or 24h.")
  var window = "24h"

  @Option(help: "How many values to show at most.")
  var top = 20

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      let reply = try sidecar.get("/v1/usage", [("by", by), ("window", window), ("top", "\(top)")])
      guard output.output == .text else { return StandardOutput.write(reply.bytes + [UInt8(ascii: "\n")]) }
      let rows = RemoteUsage.all(in: reply.value, by: by)
      guard !rows.isEmpty else { return StandardOutput.write("Nothing was used in the last \(window).\n") }
      var table = TextTable([
        TextTable.Column(by.uppercased()), TextTable.Column("TOKENS", .right), TextTable.Column("USD", .right),
        TextTable.Column("REQUESTS", .right),
      ])
      for row in rows {
        table.add([
          row.name, GroupedDigits.text(Quantity(row.tokens)), row.cost, GroupedDigits.text(Quantity(row.requests)),
        ])
      }
      StandardOutput.write(table.text)
    }
  }
}

/// What one value of a tag used, as the control endpoint's bodies show it.
struct RemoteUsage {
  let name: String
  let tokens: Int64
  /// US dollars as a decimal string.
  let cost: String
  let requests: Int64

  static func all(in value: JSONValue, by tag: String) -> [RemoteUsage] {
    (value.asArray ?? []).compactMap { row in
      guard let name = row[tag]?.asString, let tokens = row["tokens"]?.asInt64 else { return nil }
      return RemoteUsage(
        name: name, tokens: tokens, cost: row["cost_usd"]?.asString ?? "0", requests: row["requests"]?.asInt64 ?? 0)
    }
  }
}
