import ArgumentParser
import ControlClient
import JSONText
import Terminal

/// Which account of which budget an operator means.
struct AccountOptions: ParsableArguments {
  @Argument(help: "The budget's name.")
  var budget: String

  @Option(
    help: ArgumentHelp("A tag of the account, such as agent=researcher; may be repeated.", valueName: "key=value"))
  var tag: [String] = []

  @Option(help: "tokens, cost_usd or requests, for a budget that limits several.")
  var unit: String?

  var path: String { "/v1/budgets/\(PercentEncoding.text(budget))" }

  func body() throws(StartError) -> JSONObject {
    var body = JSONObject()
    let tags = try TagOption.object(tag)
    if !tags.members.isEmpty { body.insert("tags", .object(tags)) }
    if let unit { body.insert("unit", .string(unit)) }
    return body
  }

  /// An amount as the endpoint wants it: dollars as a string, counts as a number, with the signs that people use.
  static func amount(_ text: String) -> JSONValue {
    text.contains(".") ? .string(text) : CountText.value(text)
  }

  /// Prints the accounts that the act touched.
  func printAnswer(_ reply: RemoteSidecar.Reply, _ output: OutputFormat) {
    switch output {
    case .json: StandardOutput.write(reply.bytes + [UInt8(ascii: "\n")])
    case .text:
      let accounts = RemoteAccount.all(in: reply.value)
      StandardOutput.write(accounts.isEmpty ? "done; no account was touched\n" : accounts.map(\.line).joined())
    }
  }
}

/// `tallygate set`: another limit for now.
struct SetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set another limit, of a budget or of one account; or take it back.",
    discussion: """
      Needs an operator's token. The configuration stays as it is: --default returns to it.

      Examples:
        tallygate set agent-daily --limit 800K --until 2h --token-file operator.token
        tallygate set agent-daily --tag agent=researcher --limit unlimited
        tallygate set agent-daily --default
      """)

  @OptionGroup var account: AccountOptions
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("The limit: a count, US dollars, or unlimited.", valueName: "amount"))
  var limit: String?

  @Option(help: ArgumentHelp("When it ends: a duration or a time.", valueName: "1h or RFC 3339"))
  var until: String?

  @Flag(name: .customLong("default"), help: "Return to the configured limit.")
  var isDefault = false

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      var body = try account.body()
      if isDefault {
        guard limit == nil, until == nil else { throw StartError("--default goes without --limit and --until.") }
        return account.printAnswer(try sidecar.act("DELETE", account.path, .object(body)), output.output)
      }
      guard let limit else {
        throw StartError("Say the limit with --limit, or --default to return to the configured one.")
      }
      body.insert("limit", limit == "unlimited" ? .string(limit) : AccountOptions.amount(limit))
      if let until { body.insert("until", .string(until)) }
      account.printAnswer(try sidecar.act("PUT", account.path, .object(body)), output.output)
    }
  }
}

/// `tallygate topup`: more for this window.
struct TopUpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "topup",
    abstract: "Add to what an account may use.",
    discussion: """
      Needs an operator's token.

      Example:
        tallygate topup agent-daily --tag agent=researcher --amount 50K --until 1h --token-file operator.token
      """)

  @OptionGroup var account: AccountOptions
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("How much: a count, or US dollars.", valueName: "amount"))
  var amount: String

  @Option(help: ArgumentHelp("When it ends: a duration or a time.", valueName: "1h or RFC 3339"))
  var until: String?

  func run() throws {
    try reporting { () throws(StartError) in
      var body = try account.body()
      body.insert("amount", AccountOptions.amount(amount))
      if let until { body.insert("until", .string(until)) }
      let reply = try control.sidecar().act("POST", account.path + "/top-up", .object(body))
      account.printAnswer(reply, output.output)
    }
  }
}

/// `tallygate reset`: as if nothing had been used.
struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Set what was used back to nothing: of one account, or of all of a budget.",
    discussion: """
      Needs an operator's token. Counters in /metrics go on.

      Example:
        tallygate reset agent-daily --tag agent=researcher --token-file operator.token
      """)

  @OptionGroup var account: AccountOptions
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { () throws(StartError) in
      let reply = try control.sidecar().act("POST", account.path + "/reset", .object(try account.body()))
      account.printAnswer(reply, output.output)
    }
  }
}
