package import BudgetCore

/// What was used of one kind of token, of one model, for one value of a tag.
package struct UsageRow: Hashable, Sendable {
  package var name: String
  package var model: String
  /// Empty for requests and for costs that no token stands for.
  package var tokenType: String
  package var tokens: Int64
  /// Picodollars.
  package var cost: Quantity
  package var requests: Int64

  package init(
    name: String, model: String = "", tokenType: String = "", tokens: Int64 = 0, cost: Quantity = 0, requests: Int64 = 0
  ) {
    self.name = name
    self.model = model
    self.tokenType = tokenType
    self.tokens = tokens
    self.cost = cost
    self.requests = requests
  }
}

extension [UsageRow] {
  /// What came since an earlier reading of the same counters. Rows that are as they were are left out. O(rows).
  package func since(_ earlier: [UsageRow]) -> [UsageRow] {
    func key(_ row: UsageRow) -> [String] { [row.name, row.model, row.tokenType] }
    let before = Dictionary(earlier.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    return compactMap { row in
      guard let old = before[key(row)] else { return row }
      var row = row
      // Counters of a state that was lost begin anew: then all of it is new.
      guard row.tokens >= old.tokens, row.cost >= old.cost, row.requests >= old.requests else { return row }
      row.tokens -= old.tokens
      row.cost -= old.cost
      row.requests -= old.requests
      return row.tokens == 0 && row.cost == 0 && row.requests == 0 ? nil : row
    }
  }
}
