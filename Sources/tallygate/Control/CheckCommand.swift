import ArgumentParser
import BudgetCore
import JSONText
import Terminal

/// `tallygate check`: what the sidecar would say to a call.
struct CheckCommand: ParsableCommand {
  /// What it exits with when the call would be denied.
  static let denied: Int32 = 3

  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Ask whether a call would be granted, without holding anything.",
    discussion: """
      Exits with 0 when it would be granted, with 3 when it would be denied, with 1 when nobody could be asked.

      Examples:
        tallygate check --agent researcher --model gpt-4o --tokens input=800 --tokens output=200
        tallygate check --agent researcher || echo "not now"
      """)

  @OptionGroup var control: ControlOptions
  @OptionGroup var call: CallOptions
  @OptionGroup var output: OutputOption

  func run() throws {
    var isDenied = false
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      let reply = try sidecar.send("POST", "/v1/check", .object(try call.body()))
      // A budget says 429; a stopped subject 403, and so does a role that may not ask.
      isDenied = reply.status == 429 || (reply.status == 403 && reply.value["subject"] != nil)
      guard isDenied || reply.status == 200 else { throw sidecar.refusal(reply) }
      guard output.output == .text else { return StandardOutput.write(reply.bytes + [UInt8(ascii: "\n")]) }
      StandardOutput.write(isDenied ? Self.refusal(reply) : Self.grant(reply.value))
    }
    if isDenied { throw ExitCode(Self.denied) }
  }

  private static func refusal(_ reply: RemoteSidecar.Reply) -> String {
    var text = "deny: \(reply.detail)\n"
    if let seconds = reply.value["retry_after"]?.asInt64 {
      text += "try again in \(DurationText.text(.seconds(seconds)))\n"
    }
    return text
  }

  private static func grant(_ value: JSONValue) -> String {
    let granted = value["granted"]
    let tokens = (granted?["tokens"]?.asObject?.members ?? []).map {
      "\(GroupedDigits.text(Quantity($0.value.asInt64 ?? 0))) \($0.key.forTerminal)"
    }
    var text = value["decision"]?.asString?.forTerminal ?? ""
    if !tokens.isEmpty { text += ": \(tokens.joined(separator: ", ")) tokens" }
    text += ", \(granted?["cost_usd"]?.asString ?? "0") USD\n"
    if let delay = value["advice"]?["delay"]?.asString, delay != "0s" {
      text += "wait \(delay.forTerminal) before it\n"
    }
    for account in RemoteAccount.all(in: value) { text += "  " + account.line }
    return text
  }
}
