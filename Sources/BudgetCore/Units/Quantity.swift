/// An amount in the smallest unit of its budget: tokens, requests, or picodollars (1 pUSD = 1e-12 USD).
///
/// 128 bits hold 1.7e26 USD, so sums neither overflow nor round in any real deployment; foreign input is
/// bounded where it enters.
package typealias Quantity = Int128

/// What a budget counts.
package enum BudgetUnit: UInt8, CaseIterable, Sendable {
  case tokens = 0
  case cost = 1
  case requests = 2

  /// The name in configuration, bodies and labels.
  package var name: String {
    switch self {
    case .tokens: "tokens"
    case .cost: "cost_usd"
    case .requests: "requests"
    }
  }

  package init?(name: String) {
    guard let unit = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = unit
  }
}

/// A share between 0 and 1 in millionths, so that thresholds are compared in integers.
package struct Ratio: Comparable, Hashable, Sendable {
  package var millionths: Int64

  package init(millionths: Int64) { self.millionths = millionths }

  package static func < (left: Ratio, right: Ratio) -> Bool { left.millionths < right.millionths }

  /// The smallest quantity whose share of `limit` reaches this ratio: `ceil(limit * ratio)`.
  ///
  /// `used >= threshold(of: limit)` is then exactly `used / limit >= ratio`.
  package func threshold(of limit: Quantity) -> Quantity {
    let product = limit.saturatingMultiply(Quantity(millionths))
    guard product != .max else { return .max }
    return (product + 999_999) / 1_000_000
  }
}
