import ArgumentParser
import BudgetCore
import Configuration
import ControlServer
import JSONText

/// `tallygate status`: how the budgets of a running sidecar stand.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how the budgets of a running sidecar stand.",
    discussion: """
      Asks the control endpoint. Exits with 1 when there is none.

      Examples:
        tallygate status
        tallygate status --control.address unix:/run/tallygate/control.sock --output json
      """)

  @Option(
    name: .customLong("control.address"),
    help: ArgumentHelp("Where the sidecar's control endpoint is.", valueName: "host:port or unix:path"))
  var address = "127.0.0.1:9466"

  @Option(
    name: .customLong("control.token-file"),
    help: ArgumentHelp("A file whose first line is a token, where the sidecar wants one.", valueName: "file"))
  var tokenFile: String?

  @Option(help: "How to print the status: text or json.")
  var output = OutputFormat.text

  func run() async throws {
    do throws(StartError) {
      let body = try ControlClient(address: try parsedAddress(), token: try token()).get("/v1/status")
      switch output {
      case .json: StandardOutput.write(body + [UInt8(ascii: "\n")])
      case .text: StandardOutput.write(try text(body))
      }
    } catch {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }

  private func parsedAddress() throws(StartError) -> HTTPListenAddress {
    do throws(HTTPServerError) {
      return try HTTPListenAddress(parsing: address)
    } catch {
      throw StartError("--control.address: \(error)")
    }
  }

  private func token() throws(StartError) -> String? {
    guard let tokenFile else { return nil }
    guard let bytes = try? BoundedFile.read(tokenFile, limit: 64 << 10, regular: false),
      let line = bytes.split(separator: UInt8(ascii: "\n")).first, line.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw StartError("--control.token-file \(tokenFile): no token can be read there.") }
    return String(decoding: line, as: UTF8.self)
  }

  private func text(_ body: [UInt8]) throws(StartError) -> String {
    guard let status = try? JSONValue.parse(body, limits: JSONLimits(values: 5_000_000)),
      let accounts = status.asObject?["accounts"]?.asArray
    else { throw StartError("\(address) does not answer like a sidecar. Name its control address.") }
    guard !accounts.isEmpty else { return "No budget has been used yet.\n" }
    return accounts.compactMap { $0.asObject.flatMap(line) }.joined()
  }

  private func line(_ account: JSONObject) -> String? {
    guard let name = account["budget"]?.asString, let unit = account["unit"]?.asString.flatMap(BudgetUnit.init(name:)),
      let used = amount(account["used"], unit)
    else { return nil }
    let owner = (account["tags"]?.asObject?.members ?? []).map { "\($0.key)=\($0.value.asString ?? "")" }
    let bar = ProgressBar(used: used, limit: amount(account["limit"], unit), unit: unit).text
    let whose = owner.isEmpty ? "" : " " + owner.joined(separator: ",")
    let line = "\(name)\(whose): \(bar), \(account["state"]?.asString ?? "")"
    // A tag's value may hold anything, also what a terminal would obey.
    let shown = line.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) }
    return String(shown) + "\n"
  }

  private func amount(_ value: JSONValue?, _ unit: BudgetUnit) -> Quantity? {
    unit == .cost
      ? value?.asString.flatMap { JSONNumber(literal: $0) }?.decimal(scale: 12) : value?.asNumber?.decimal(scale: 0)
  }
}
