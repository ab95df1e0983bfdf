/// An exact sum of US dollars in picodollars (1 pUSD = 1e-12 USD). Never a floating-point number.
package struct Money: Comparable, Hashable, Sendable {
  package var picodollars: Quantity

  package init(picodollars: Quantity) { self.picodollars = picodollars }

  package static let zero = Money(picodollars: 0)
  package static let picodollarsPerDollar: Quantity = 1_000_000_000_000

  package static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }

  /// The decimal string of the amount in USD without trailing zeros: `"0.0125"`, `"3"`, `"-0.5"`.
  package var decimalString: String {
    let magnitude = picodollars.magnitude
    let (dollars, fraction) = magnitude.quotientAndRemainder(dividingBy: UInt128(1_000_000_000_000))
    var text = picodollars < 0 ? "-" : ""
    text += String(dollars)
    guard fraction != 0 else { return text }
    let digits = String(fraction)
    text += "." + String(repeating: "0", count: 12 - digits.utf8.count) + digits
    while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    return text
  }
}
