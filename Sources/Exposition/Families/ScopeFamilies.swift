import BudgetCore

// What each agent, user and model used lately: `tallygate_window_tokens{scope,name,lookback}` and its siblings.
extension PageWriter {
  mutating func writeScopes(_ view: LedgerView, settings: LedgerSettings, format: ExpositionFormat) {
    guard !view.scopes.isEmpty else { return }
    let labels = view.scopes.map { row in
      var text: [UInt8] = []
      LabelText.append(name: "scope", value: settings.scopes[row.scope], to: &text)
      LabelText.append(name: "name", value: String(decoding: row.value, as: UTF8.self), to: &text)
      return text
    }
    writeHeader(
      "tallygate_window_tokens", .gauge, "Tokens used in the trailing lookback, at most 5 % of it older.",
      format: format)
    writeLookbacks("tallygate_window_tokens", view, labels) { $0.write($1.tokens) }
    writeHeader(
      "tallygate_window_cost_usd", .gauge, "US dollars spent in the trailing lookback, at most 5 % of it older.",
      format: format)
    writeLookbacks("tallygate_window_cost_usd", view, labels) { $0.write(usd: Quantity($1.cost)) }
    writeHeader(
      "tallygate_window_requests", .gauge, "Model calls in the trailing lookback, at most 5 % of it older.",
      format: format)
    writeLookbacks("tallygate_window_requests", view, labels) { $0.write($1.requests) }
  }

  private mutating func writeLookbacks(
    _ name: StaticString, _ view: LedgerView, _ labels: [[UInt8]],
    _ writeValue: (inout PageWriter, LookbackCounters.Totals) -> Void
  ) {
    for (row, text) in zip(view.scopes, labels) {
      for lookback in LookbackCounters.Lookback.allCases {
        write(name)
        write(UInt8(ascii: "{"))
        write(text)
        write(",lookback=\"")
        write(lookback.name)
        write("\"} ")
        writeValue(&self, row.used[lookback.rawValue])
        write(UInt8(ascii: "\n"))
      }
    }
  }
}
