/// Numbers as people read them: `82,000`.
package enum GroupedDigits {
  /// A whole number with a comma between thousands.
  package static func text(_ value: Quantity) -> String {
    (value < 0 ? "-" : "") + grouped(String(value.magnitude))
  }

  /// An amount with its unit: `82,000 tokens`, `1,234.5 USD`, `3 requests`.
  package static func text(_ amount: Quantity, _ unit: BudgetUnit) -> String { number(amount, unit) + " " + word(unit) }

  /// An amount without its unit.
  package static func number(_ amount: Quantity, _ unit: BudgetUnit) -> String {
    guard unit == .cost else { return text(amount) }
    let decimal = Money(picodollars: Quantity(clamping: amount.magnitude)).decimalString
    let parts = decimal.split(separator: ".", maxSplits: 1)
    return (amount < 0 ? "-" : "") + grouped(String(parts[0])) + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  package static func word(_ unit: BudgetUnit) -> String { unit == .cost ? "USD" : unit.name }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    let count = digits.utf8.count
    for (position, digit) in digits.enumerated() {
      if position > 0, (count - position).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
