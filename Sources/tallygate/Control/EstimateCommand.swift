import ArgumentParser
import BudgetCore
import Configuration
import JSONText
import Terminal

/// `tallygate estimate`: tokens and cost of a call to come.
struct EstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Estimate tokens and cost of a call to come.",
    discussion: """
      From tokens, or from the length of a text: four characters are about one token. The output is learned from the \
      agent's calls with the model unless it is given.

      Examples:
        tallygate estimate --model gpt-4o --tokens input=8000 --tokens output=500
        tallygate estimate --agent researcher --model gpt-4o --text-file prompt.txt
      """)

  private static let longestText = 16 << 20

  @OptionGroup var control: ControlOptions
  @OptionGroup var call: CallOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("The length of the prompt.", valueName: "count"))
  var characters: Int?

  @Option(help: ArgumentHelp("A file with the prompt, in UTF-8.", valueName: "file"))
  var textFile: String?

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      var body = try call.body()
      if let count = try length() { body.insert("characters", .number(JSONNumber(count))) }
      let reply = try sidecar.act("POST", "/v1/estimate", .object(body))
      switch output.output {
      case .json: StandardOutput.write(reply.bytes + [UInt8(ascii: "\n")])
      case .text: StandardOutput.write(Self.text(reply.value))
      }
    }
  }

  /// In characters: the text itself stays here.
  private func length() throws(StartError) -> Int64? {
    guard let textFile else { return characters.map { Int64($0) } }
    guard characters == nil else { throw StartError("--characters and --text-file say the same: give one of them.") }
    do throws(BoundedFile.Failure) {
      let bytes = try BoundedFile.read(textFile, limit: Self.longestText, regular: false)
      return Int64(String(decoding: bytes, as: UTF8.self).unicodeScalars.count)
    } catch {
      throw StartError("--text-file \(textFile): \(error.message)")
    }
  }

  private static func text(_ estimate: JSONValue) -> String {
    let tokens = (estimate["tokens"]?.asObject?.members ?? []).map {
      "\(GroupedDigits.text(Quantity($0.value.asInt64 ?? 0))) \($0.key.forTerminal)"
    }
    let price = estimate["price"]
    var text = "\(tokens.joined(separator: ", ")) tokens: \(estimate["cost_usd"]?.asString ?? "0") USD"
    if let model = price?["model"]?.asString, !model.isEmpty { text += " at the price of \(model.forTerminal)" }
    if price?["estimated"]?.asBool == true { text += " (a guess: no price is known)" }
    if let source = estimate["output_source"]?.asString, source != "given" {
      text += "; output: \(source.forTerminal)"
    }
    return text + "\n"
  }
}
