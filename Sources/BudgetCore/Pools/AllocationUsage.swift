/// Tokens used of an allocation, by what they were for.
package struct AllocationUsage: Hashable, Sendable {
  package var lookup: Quantity
  package var reasoning: Quantity
  /// Nobody said what for: counts against the whole allocation and neither share.
  package var untyped: Quantity

  package init(lookup: Quantity = 0, reasoning: Quantity = 0, untyped: Quantity = 0) {
    self.lookup = lookup
    self.reasoning = reasoning
    self.untyped = untyped
  }

  package var total: Quantity { lookup + reasoning + untyped }

  static func += (left: inout Self, right: Self) {
    left.lookup += right.lookup
    left.reasoning += right.reasoning
    left.untyped += right.untyped
  }
}
