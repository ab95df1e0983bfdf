import BudgetCore
package import JSONText

/// A trial's results, for persons and for programs.
package enum CallerTrialTable {
  package static func text(_ name: String, _ trial: CallerTrial) -> String {
    var lines = ["\(name): calls"]
    lines.append(row("priority", columns(trial.total).map(\.name)))
    for (share, counts) in zip(CallerTrial.shares, trial.counts) {
      lines.append(row("\(share.priority)", columns(counts).map { String($0.count) }))
    }
    lines.append(row("all", columns(trial.total).map { String($0.count) }))
    return lines.joined(separator: "\n") + "\n"
  }

  package static func append(_ trace: String, _ name: String, _ trial: CallerTrial, to json: inout JSONWriter) {
    json.beginObject()
    json.key("trace")
    json.string(trace)
    json.key("trial")
    json.string(name)
    json.key("calls")
    json.beginObject()
    for (share, counts) in zip(CallerTrial.shares, trial.counts) { append("\(share.priority)", counts, to: &json) }
    append("all", trial.total, to: &json)
    json.endObject()
    json.endObject()
  }

  private static func append(_ name: String, _ counts: CallerTrial.Counts, to json: inout JSONWriter) {
    json.key(named: name)
    json.beginObject()
    for (name, count) in columns(counts) {
      json.key(named: name)
      json.int(count)
    }
    json.endObject()
  }

  private static func columns(_ counts: CallerTrial.Counts) -> [(name: String, count: Int64)] {
    [
      ("granted", counts.granted), ("denied", counts.denied), ("delayed", counts.delayed), ("late", counts.late),
      ("waiting", counts.waiting),
    ]
  }

  private static func row(_ head: String, _ cells: [String]) -> String {
    var line = "  " + head + String(repeating: " ", count: max(1, 10 - head.count))
    for cell in cells { line += String(repeating: " ", count: max(1, 15 - cell.count)) + cell }
    return line
  }
}
