/// `amount x numerator / denominator` of amounts that are not negative, exact in between, rounded as said; the largest
/// quantity where the result would be larger, `nil` for a denominator of 0.
enum Proportion {
  static func floor(_ amount: Quantity, times numerator: Quantity, over denominator: Quantity) -> Quantity? {
    divide(amount, numerator, denominator)?.quotient
  }

  static func ceil(_ amount: Quantity, times numerator: Quantity, over denominator: Quantity) -> Quantity? {
    divide(amount, numerator, denominator).map { $0.hasRest ? $0.quotient.saturatingAdd(1) : $0.quotient }
  }

  private static func divide(_ amount: Quantity, _ numerator: Quantity, _ denominator: Quantity)
    -> (quotient: Quantity, hasRest: Bool)?
  {
    guard denominator > 0 else { return nil }
    let divisor = denominator.magnitude
    let product = max(0, amount).magnitude.multipliedFullWidth(by: max(0, numerator).magnitude)
    guard product.high < divisor else { return (.max, false) }
    let (quotient, rest) = divisor.dividingFullWidth(product)
    return (Quantity(clamping: quotient), rest > 0)
  }
}
