/// An exact sum of US dollars in picodollars (1 pUSD = 1e-12 USD). Never a floating-point number.
package struct Money: Comparable, Hashable, Sendable {
  package var picodollars: Quantity

  package init(picodollars: Quantity) { self.picodollars = picodollars }

  package static let zero = Money(picodollars: 0)
  package static let picodollarsPerDollar: Quantity = 1_000_000_000_000

  package static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }

  /// The decimal string of the amount in USD without trailing zeros: `"0.0125"`, `"3"`, `"-0.5"`.
  package var decimalString: String {
    let (dollars, fraction) = picodollars.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    var text = picodollars < 0 ? "-" : ""
    text += UInt64(exactly: dollars).map { String($0) } ?? String(dollars)
    guard fraction != 0 else { return text }
    // A one in front keeps the zeros that lead.
    var digits = UInt64(fraction) + 1_000_000_000_000
    while digits % 10 == 0 { digits /= 10 }
    return text + "." + String(digits).dropFirst()
  }
}
