/// A backtest's results as a person reads them.
package enum BacktestTable {
  package static func text(_ name: String, _ result: Backtest) -> String {
    var lines = [
      "\(name): \(result.scored) windows of \(result.accounts) accounts, \(result.silent) of them not forecast throughout"
    ]
    guard result.scored > 0 else {
      return lines[0]
        + "\n  nothing to score: a window counts after a week of trace, with use in it and in a tenth of the "
        + "week's ten minutes;\n  rolling windows and lifetimes have no end to be scored at\n"
    }
    lines.append(
      row("made at 25 / 50 / 75 % of the window", ["median error", "P90", "capped log", "weighted"], width: 22))
    for method in Backtest.Method.allCases {
      guard let sums = result.errors[method] else { continue }
      lines.append(
        row(
          method.rawValue,
          [
            three(sums.map(\.median)), three(sums.map(\.p90)), three(sums.map(\.cappedLog)),
            three(sums.map(\.weighted)),
          ], width: 22))
    }
    lines.append(
      row(
        "within 80 % and 95 % intervals",
        [three(result.coverage.map(\.share80)), three(result.coverage.map(\.share95))], width: 22))
    lines.append(row("alerts", ["F1", "false positives", "median lead"], width: 18))
    for (name, alert) in [
      ("chance of exhaustion > 0.8", result.likelier), ("chance of exhaustion > 0.7", result.likely),
      ("used > 90 %", result.nearly),
    ] {
      lines.append(
        row(
          name,
          [Self.number(alert.f1), Self.number(alert.falsePositiveRate), Self.number(alert.medianLead) + " h"], width: 18
        ))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(_ head: String, _ cells: [String], width: Int) -> String {
    "  " + padded(head, 38) + cells.map { padded($0, width) }.joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func three(_ values: [Double]) -> String { values.map { number($0) }.joined(separator: " ") }

  /// With three decimals; `-` for none.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "-" }
    let thousandths = Int64((abs(value) * 1000).rounded())
    let fraction = String(thousandths % 1000)
    return (value < 0 ? "-" : "") + "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count)
      + fraction
  }
}
