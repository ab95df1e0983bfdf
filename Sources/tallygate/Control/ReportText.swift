import BudgetCore
import ControlServer
import JSONText
import Reports
import Terminal

/// A report for people, and for programs.
enum ReportText {
  static func table(_ report: UsageReport, _ findings: [AntiPattern]) -> String {
    guard !report.lines.isEmpty else { return "Nothing was counted.\n" }
    let amounts = ["TOKENS", "INPUT", "CACHED", "OUTPUT", "REQUESTS", "USD", "SHARE"]
    var table = TextTable([TextTable.Column(report.tag.uppercased())] + amounts.map { TextTable.Column($0, .right) })
    for line in report.lines + [report.total] {
      let counts = [line.tokens, line.input, line.cached, line.output, line.requests]
      let share = report.total.cost > 0 ? "\(ProgressBar.percent(of: line.cost, in: report.total.cost))%" : ""
      table.add(
        [line.name.isEmpty ? "(none)" : line.name] + counts.map { GroupedDigits.text(Quantity($0)) }
          + [GroupedDigits.number(line.cost, .cost), share])
    }
    guard !findings.isEmpty else { return table.text }
    return table.text + "\n" + findings.map { "\($0.kind.rawValue): \($0.sentence.forTerminal)\n" }.joined()
  }

  /// - Parameter counters: what the report was made of, for the next one to start from.
  static func json(_ report: UsageReport, counters: [UsageRow], time: String, _ findings: [AntiPattern]) -> [UInt8] {
    var json = JSONWriter(reserving: 1024)
    json.beginObject()
    json.key("by")
    json.string(report.tag)
    json.key("time")
    json.string(time)
    json.key("lines")
    json.beginArray()
    for line in report.lines {
      json.beginObject()
      json.key(named: report.tag)
      json.string(line.name)
      let counts = [
        ("tokens", line.tokens), ("input", line.input), ("cache_read", line.cached), ("output", line.output),
        ("requests", line.requests),
      ]
      for (name, count) in counts {
        json.key(named: name)
        json.int(count)
      }
      json.key("cost_usd")
      json.string(Money(picodollars: line.cost).decimalString)
      json.endObject()
    }
    json.endArray()
    write(findings, &json)
    json.key("counters")
    json.beginArray()
    for row in counters { write(row, report.tag, &json) }
    json.endArray()
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ findings: [AntiPattern], _ json: inout JSONWriter) {
    json.key("findings")
    json.beginArray()
    for finding in findings {
      json.beginObject()
      json.key("kind")
      json.string(finding.kind.rawValue)
      json.key("text")
      json.string(finding.sentence)
      json.key("agents")
      json.beginArray()
      for agent in finding.agents { json.string(agent) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
  }

  private static func write(_ row: UsageRow, _ tag: String, _ json: inout JSONWriter) {
    json.beginObject()
    json.key(named: tag)
    json.string(row.name)
    if tag != TagName.model {
      json.key(named: TagName.model)
      json.string(row.model)
    }
    if tag != TagName.tokenType {
      json.key(named: TagName.tokenType)
      json.string(row.tokenType)
    }
    json.useMembers(tokens: row.tokens, cost: row.cost, requests: row.requests)
    json.endObject()
  }
}
