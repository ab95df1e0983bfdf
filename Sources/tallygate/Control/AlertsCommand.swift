import ArgumentParser
import JSONText
import Terminal

/// `tallygate alerts`: the budgets that need a look.
struct AlertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: "Show the budgets at their warning threshold or their limit, the most used first.",
    discussion: """
      Exits with 0 whether or not there are any.

      Example:
        tallygate alerts --output json
      """)

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      let reply = try sidecar.get("/v1/alerts")
      guard output.output == .text else { return StandardOutput.write(reply.bytes + [UInt8(ascii: "\n")]) }
      guard let alerts = reply.value.asArray else { throw sidecar.stranger }
      guard !alerts.isEmpty else { return StandardOutput.write("No budget needs a look.\n") }
      for alert in alerts { StandardOutput.write(Self.line(alert)) }
    }
  }

  private static func line(_ alert: JSONValue) -> String {
    let owner = (alert["tags"]?.asObject?.members ?? []).map { "\($0.key)=\($0.value.asString ?? "")" }
    let level = (alert["level"]?.asString ?? "").padded(to: 8)
    let whose = owner.isEmpty ? "" : " [\(owner.joined(separator: ","))]"
    return "\(level)  \(alert["text"]?.asString ?? "")\(whose)".forTerminal + "\n"
  }
}
