import BudgetCore

// What each agent, user and model used lately: `tallygate_window_tokens{scope,name,lookback}` and its siblings.
extension PageWriter {
  mutating func writeScopes(_ view: LedgerView, settings: LedgerSettings, format: ExpositionFormat) {
    guard !view.scopes.isEmpty else { return }
    let rows = Self.rows(view, settings: settings)
    writeHeader(
      "tallygate_window_tokens", .gauge, "Tokens used in the trailing lookback, at most 5 % of it older.",
      format: format)
    writeLookbacks("tallygate_window_tokens", rows) { $0.write($1.tokens) }
    writeHeader(
      "tallygate_window_cost_usd", .gauge, "US dollars spent in the trailing lookback, at most 5 % of it older.",
      format: format)
    writeLookbacks("tallygate_window_cost_usd", rows) { $0.write(usd: Quantity($1.cost)) }
    writeHeader(
      "tallygate_window_requests", .gauge, "Model calls in the trailing lookback, at most 5 % of it older.",
      format: format)
    writeLookbacks("tallygate_window_requests", rows) { $0.write($1.requests) }
  }

  private typealias Row = (labels: [UInt8], used: InlineArray<4, LookbackCounters.Totals>)

  /// Values that are shown alike, because they differ in control characters only, become one row with their sums:
  /// a sample that stands twice would cost the whole page.
  private static func rows(_ view: LedgerView, settings: LedgerSettings) -> [Row] {
    var rows: [Row] = []
    rows.reserveCapacity(view.scopes.count)
    var replaced: [[UInt8]: Int] = [:]
    for row in view.scopes {
      var labels: [UInt8] = []
      LabelText.append(name: "scope", value: settings.scopes[row.scope], to: &labels)
      LabelText.append(name: "name", value: String(decoding: row.value, as: UTF8.self), to: &labels)
      // Where no replacement character stands, nothing was replaced.
      if labels.contains(0xEF) {
        if let same = replaced[labels] {
          for index in row.used.indices {
            let more = row.used[index]
            rows[same].used[index].add(tokens: more.tokens, cost: Quantity(more.cost), requests: more.requests)
          }
          continue
        }
        replaced[labels] = rows.count
      }
      rows.append((labels, row.used))
    }
    return rows
  }

  private mutating func writeLookbacks(
    _ name: StaticString, _ rows: [Row], _ writeValue: (inout PageWriter, LookbackCounters.Totals) -> Void
  ) {
    for row in rows {
      for lookback in LookbackCounters.Lookback.allCases {
        write(name)
        write(UInt8(ascii: "{"))
        write(row.labels)
        write(",lookback=\"")
        write(lookback.name)
        write("\"} ")
        writeValue(&self, row.used[lookback.rawValue])
        write(UInt8(ascii: "\n"))
      }
    }
  }
}
