import BudgetCore
import ControlServer
import JSONText
import Terminal
import UsageProtocol

/// What `tallygate exec` says when its command has ended.
struct ExecSummary {
  private static let shownModels = 20
  private static let shownAccounts = 50

  let command: [String]
  /// What a shell would say of the command, and what this program exits with.
  let commandCode: Int32
  let exitCode: Int32
  let stopped: Bool
  let exceeded: Bool
  let duration: Interval
  let totals: UsageTotals
  let accounts: [AccountStatus]
  let lines: LineTally
  let counters: LedgerCounters
  /// Datagrams that the kernel dropped.
  let lost: Int64

  private var refused: [(name: String, count: Int64)] { RejectReason.counts(lines, counters) }

  var text: String {
    var out = "tallygate: \(command[0].forTerminal) \(stopped ? "was stopped" : "ended") with \(commandCode)"
    out += " after \(Self.seconds(duration)) s; exit status \(exitCode)\n"
    func row(_ what: String, _ amount: String) { out += "  " + what.padded(to: 14) + amount + "\n" }
    let kinds = totals.tokens.map { "\(GroupedDigits.text(Quantity($0.count))) \($0.name.forTerminal)" }
    let tokens = GroupedDigits.text(Quantity(totals.allTokens))
    row("tokens", kinds.isEmpty ? tokens : "\(tokens) (\(kinds.joined(separator: ", ")))")
    row("cost", GroupedDigits.text(totals.cost, .cost))
    row("requests", GroupedDigits.text(Quantity(totals.requests)))
    for model in totals.models.prefix(Self.shownModels) {
      row(
        "model",
        "\(model.name.forTerminal): \(GroupedDigits.text(Quantity(model.tokens), .tokens)), "
          + "\(GroupedDigits.text(model.cost, .cost)), \(GroupedDigits.text(Quantity(model.requests), .requests))")
    }
    for account in accounts.prefix(Self.shownAccounts) {
      row("budget", account.summary)
    }
    for (reason, count) in refused { row("refused", "\(count) lines: \(reason)") }
    if lost > 0 { row("lost", "\(lost) datagrams, dropped by the kernel") }
    return out
  }

  var json: [UInt8] {
    var json = JSONWriter(reserving: 1024)
    json.beginObject()
    json.key("command")
    json.beginArray()
    for argument in command { json.string(argument) }
    json.endArray()
    json.key("command_status")
    json.int(commandCode)
    json.key("exit_status")
    json.int(exitCode)
    json.key("exceeded")
    json.bool(exceeded)
    json.key("stopped")
    json.bool(stopped)
    json.key("duration_seconds")
    json.double(duration.inSeconds)
    json.counts("tokens", totals.tokens)
    json.key("cost_usd")
    json.string(Money(picodollars: totals.cost).decimalString)
    json.key("requests")
    json.int(totals.requests)
    writeModels(&json)
    writeAccounts(&json)
    json.counts("rejected_lines", refused)
    json.key("dropped_datagrams")
    json.int(lost)
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func writeModels(_ json: inout JSONWriter) {
    json.key("models")
    json.beginArray()
    for model in totals.models {
      json.beginObject()
      json.key("model")
      json.string(model.name)
      json.useMembers(tokens: model.tokens, cost: model.cost, requests: model.requests)
      json.endObject()
    }
    json.endArray()
  }

  private func writeAccounts(_ json: inout JSONWriter) {
    json.key("accounts")
    json.accounts(accounts)
  }

  /// With milliseconds.
  private static func seconds(_ interval: Interval) -> String {
    let milliseconds = max(0, interval.nanoseconds) / 1_000_000
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
  }
}
