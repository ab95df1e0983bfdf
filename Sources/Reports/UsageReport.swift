package import BudgetCore

/// Usage summed for each value of a tag, the most expensive first.
package struct UsageReport: Sendable {
  package struct Line: Hashable, Sendable {
    package var name: String
    package var tokens: Int64 = 0
    package var input: Int64 = 0
    package var cached: Int64 = 0
    package var output: Int64 = 0
    /// Picodollars.
    package var cost: Quantity = 0
    package var requests: Int64 = 0

    mutating func add(_ row: UsageRow) {
      tokens = tokens.saturatingAdd(row.tokens)
      requests = requests.saturatingAdd(row.requests)
      cost += row.cost
      switch row.tokenType {
      case "input": input = input.saturatingAdd(row.tokens)
      case "cache_read": cached = cached.saturatingAdd(row.tokens)
      case "output", "reasoning": output = output.saturatingAdd(row.tokens)
      default: break
      }
    }
  }

  /// The tag.
  package let tag: String
  package let rows: [UsageRow]
  package let lines: [Line]
  package let total: Line

  package init(tag: String, rows: [UsageRow]) {
    self.tag = tag
    self.rows = rows.sorted { ($0.name, $0.model, $0.tokenType) < ($1.name, $1.model, $1.tokenType) }
    var byName: [String: Line] = [:]
    var total = Line(name: "total")
    for row in rows {
      byName[row.name, default: Line(name: row.name)].add(row)
      total.add(row)
    }
    lines = byName.values.sorted { ($0.cost, $0.tokens, $1.name) > ($1.cost, $1.tokens, $0.name) }
    self.total = total
  }
}
