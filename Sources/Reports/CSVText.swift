import BudgetCore

/// Rows as RFC 4180 writes them: fields with commas, quotes or line ends in quotes, lines ended by CR LF.
package enum CSVText {
  package static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\r\n" }

  /// A field that a spreadsheet would take for a formula gets an apostrophe before it: a tag may hold anything.
  private static func field(_ text: String) -> String {
    var text = text
    if let first = text.first, "=+@\t\r".contains(first) || (first == "-" && Double(text) == nil) { text = "'" + text }
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension UsageReport {
  /// A line for each value, model and kind of token.
  package var csv: String {
    var text = CSVText.line([tag, "model", "token_type", "tokens", "cost_usd", "requests"])
    for row in rows {
      text += CSVText.line([
        row.name, row.model, row.tokenType, "\(row.tokens)", Money(picodollars: row.cost).decimalString,
        "\(row.requests)",
      ])
    }
    return text
  }
}
