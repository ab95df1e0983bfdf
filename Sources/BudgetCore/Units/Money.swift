/// An exact sum of US dollars in picodollars (1 pUSD = 1e-12 USD). Never a floating-point number.
package struct Money: Comparable, Hashable, Sendable {
  package var picodollars: Quantity

  package init(picodollars: Quantity) { self.picodollars = picodollars }

  package static let zero = Money(picodollars: 0)
  package static let picodollarsPerDollar: Quantity = 1_000_000_000_000

  package static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }

  /// The decimal string of the amount in USD without trailing zeros: `"0.0125"`, `"3"`, `"-0.5"`.
  package var decimalString: String {
    String(unsafeUninitializedCapacity: Self.longestText) { write(to: $0) }
  }

  /// A sign, 27 digits, a point, 12 digits.
  package static let longestText = 41

  /// The same into memory that has room for it; the number of bytes written.
  package func write(to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var end = 0
    if picodollars < 0 {
      text.initializeElement(at: end, to: UInt8(ascii: "-"))
      end += 1
    }
    let (dollars, fraction) = parts
    if let dollars = UInt64(exactly: dollars) {
      let digits = dollars.decimalDigits
      text.initializeDecimal(dollars, digits: digits, at: end)
      end += digits
    } else {
      for digit in String(dollars).utf8 {
        text.initializeElement(at: end, to: digit)
        end += 1
      }
    }
    guard fraction != 0 else { return end }
    var digits = 12
    var rest = fraction
    while rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    text.initializeElement(at: end, to: UInt8(ascii: "."))
    text.initializeDecimal(rest, digits: digits, at: end + 1)
    return end + 1 + digits
  }

  /// Whole dollars and picodollars, without the sign.
  private var parts: (dollars: UInt128, fraction: UInt64) {
    let magnitude = picodollars.magnitude
    // Dividing 128 bits takes ten times as long.
    if let small = UInt64(exactly: magnitude) {
      return (UInt128(small / 1_000_000_000_000), small % 1_000_000_000_000)
    }
    let (dollars, fraction) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    return (dollars, UInt64(fraction))
  }
}

extension UInt64 {
  /// How many digits its decimal text has.
  fileprivate var decimalDigits: Int {
    var digits = 1
    var rest = self / 10
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    return digits
  }
}
