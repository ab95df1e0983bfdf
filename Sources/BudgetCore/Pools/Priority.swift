/// How urgent the work is that an allocation is for: what share of the pool it asks for.
package enum Priority: UInt8, CaseIterable, Sendable {
  case low = 0
  case normal
  case high
  case critical

  package var name: String {
    switch self {
    case .low: "low"
    case .normal: "normal"
    case .high: "high"
    case .critical: "critical"
    }
  }

  /// Upper and lower case are alike.
  package init?(name: String) {
    let wanted = name.lowercased()
    guard let priority = Self.allCases.first(where: { $0.name == wanted }) else { return nil }
    self = priority
  }

  private var percent: Quantity {
    switch self {
    case .low: 25
    case .normal: 50
    case .high: 75
    case .critical: 100
    }
  }

  /// Less is not worth starting with: what is asked for of a small pool.
  private var minimum: Quantity {
    switch self {
    case .low: 500
    case .normal: 1000
    case .high: 2000
    case .critical: 4000
    }
  }

  /// The tokens that work of this priority asks for, of a pool of this size.
  package func demand(ofPool size: Quantity) -> Quantity {
    max(size.saturatingMultiply(percent) / 100, minimum)
  }
}
