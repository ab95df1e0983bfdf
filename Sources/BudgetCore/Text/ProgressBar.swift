/// How far a limit is used, in one line: `[████████░░] 82% (82,000/100,000 tokens)`.
package struct ProgressBar {
  private static let cells: Quantity = 10

  let used: Quantity
  /// `nil` is unlimited, and then there is no bar.
  let limit: Quantity?
  let unit: BudgetUnit

  package init(used: Quantity, limit: Quantity?, unit: BudgetUnit) {
    self.used = max(0, used)
    self.limit = limit
    self.unit = unit
  }

  package var text: String {
    guard let limit else { return "\(GroupedDigits.text(used, unit)), no limit" }
    let filled = min(Self.cells, Self.share(of: used, in: limit, parts: Self.cells))
    let bar = String(repeating: "█", count: Int(filled)) + String(repeating: "░", count: Int(Self.cells - filled))
    let amounts = "\(GroupedDigits.number(used, unit))/\(GroupedDigits.text(limit, unit))"
    return "[\(bar)] \(Self.percent(of: used, in: limit))% (\(amounts))"
  }

  /// Whole percents, rounded; 100 only when the limit is reached. Of a limit of 0 everything is used.
  package static func percent(of used: Quantity, in limit: Quantity) -> Quantity {
    let percent = share(of: max(0, used), in: limit, parts: 100)
    return used < limit ? min(99, percent) : percent
  }

  /// `used / limit` in so many parts, halves rounded up.
  private static func share(of used: Quantity, in limit: Quantity, parts: Quantity) -> Quantity {
    guard limit > 0 else { return parts }
    // Far beyond any real amount, and small enough for what follows.
    let largest: Quantity = 1 << 110
    let (used, limit) = (min(used, largest), min(limit, largest))
    return (used * 2 * parts + limit) / (2 * limit)
  }
}
