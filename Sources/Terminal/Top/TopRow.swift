package import BudgetCore

/// What one value of a tag used in a window.
package struct TopRow: Hashable, Sendable {
  package var name: String
  package var tokens: Int64
  /// Picodollars.
  package var cost: Quantity
  package var requests: Int64
  /// An operator or a rule stopped it.
  package var isStopped: Bool

  package init(name: String, tokens: Int64, cost: Quantity, requests: Int64, isStopped: Bool) {
    self.name = name
    self.tokens = tokens
    self.cost = cost
    self.requests = requests
    self.isStopped = isStopped
  }

  /// What rows are ordered by.
  package enum Order: Int, CaseIterable, Sendable {
    case name, tokens, cost, requests

    package var title: String {
      switch self {
      case .name: "NAME"
      case .tokens: "TOKENS"
      case .cost: "USD"
      case .requests: "REQUESTS"
      }
    }

    /// Amounts the largest first, names by the alphabet.
    func precedes(_ left: TopRow, _ right: TopRow) -> Bool {
      switch self {
      case .name: left.name < right.name
      case .tokens: (left.tokens, right.name) > (right.tokens, left.name)
      case .cost: (left.cost, right.name) > (right.cost, left.name)
      case .requests: (left.requests, right.name) > (right.requests, left.name)
      }
    }
  }
}
