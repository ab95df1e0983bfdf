import ArgumentParser
import BudgetCore
import JSONText
import Terminal

/// `tallygate advise`: how to make a call cheaper.
struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract: "Ask what to compress a prompt to, and which model will do.",
    discussion: """
      Follows the configuration's advice section and how full the budgets are. Nothing of it is enforced.

      Example:
        tallygate advise --agent researcher --model gpt-4o --difficulty easy
      """)

  @OptionGroup var control: ControlOptions
  @OptionGroup var call: CallOptions
  @OptionGroup var output: OutputOption

  @Option(help: "How hard the task is: easy, medium or hard.")
  var difficulty: String?

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      var body = try call.body()
      if let difficulty { body.insert("difficulty", .string(difficulty)) }
      let reply = try sidecar.send("POST", "/v1/check", .object(body))
      // A refusal advises too.
      guard reply.status == 200 || reply.status == 429, let advice = reply.value["advice"] else {
        throw sidecar.refusal(reply)
      }
      switch output.output {
      case .json: StandardOutput.write(advice.bytes() + [UInt8(ascii: "\n")])
      case .text: StandardOutput.write(Self.text(advice))
      }
    }
  }

  private static func text(_ advice: JSONValue) -> String {
    var lines: [String] = []
    if let tokens = advice["compress_to"]?.asInt64 {
      lines.append("compress the prompt to \(GroupedDigits.text(Quantity(tokens))) tokens")
    }
    if let model = advice["model"]?.asString { lines.append("use \(model.forTerminal)") }
    if let delay = advice["delay"]?.asString, delay != "0s" { lines.append("wait \(delay.forTerminal)") }
    return (lines.isEmpty ? ["go on as you are"] : lines).map { $0 + "\n" }.joined()
  }
}
