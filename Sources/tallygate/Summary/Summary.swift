import BudgetCore
import ControlServer
import JSONText
import LedgerAccess
import UsageProtocol

/// What `--exit-on-eof` prints: what came in, who used it, and how the budgets stand.
struct Summary {
  let ledger: SharedLedger
  let lines: LineCounters

  private static let shownRows = 10

  func print(as format: OutputFormat) {
    switch format {
    case .text: StandardOutput.write(text)
    case .json: json.printLine()
    }
  }

  private var refusals: [(name: String, count: Int64)] { RejectReason.counts(lines.total, ledger.counters()) }

  private var text: String {
    let totals = UsageTotals(ledger.view(withOutlooks: false).0)
    var out = "\(lines.total.lines) lines"
    let refused = refusals
    out +=
      refused.isEmpty ? "\n" : ", refused: " + refused.map { "\($0.count) \($0.name)" }.joined(separator: ", ") + "\n"
    for (kind, count) in totals.tokens { out += "\(count) \(kind) tokens\n" }
    out += "\(totals.requests) requests\n\(Money(picodollars: totals.cost).decimalString) USD\n"
    for scope in ledger.settings.scopes {
      guard let rows = ledger.usage(by: scope, in: .day, top: Self.shownRows), !rows.isEmpty else { continue }
      out += "\nMost tokens by \(scope):\n"
      for row in rows {
        out += "  \(row.value): \(row.tokens) tokens, \(Money(picodollars: Quantity(row.cost)).decimalString) USD\n"
      }
    }
    let accounts = ledger.accounts()
    if !accounts.isEmpty { out += "\nBudgets:\n" }
    for account in accounts.prefix(50) { out += "  \(account.summary)\n" }
    return out
  }

  private var json: JSONWriter {
    let totals = UsageTotals(ledger.view(withOutlooks: false).0)
    var json = JSONWriter(reserving: 1024)
    json.beginObject()
    json.key("lines")
    json.int(lines.total.lines)
    json.counts("rejected", refusals)
    json.counts("tokens", totals.tokens)
    json.key("requests")
    json.int(totals.requests)
    json.key("cost_usd")
    json.string(Money(picodollars: totals.cost).decimalString)
    json.endObject()
    return json
  }
}
