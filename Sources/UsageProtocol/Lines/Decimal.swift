/// A decimal number as it was written, `mantissa x 10^exponent`: exact, and never a floating-point number.
///
/// `Double("nan")`, `"1e400"` and `"0x1p4"` parse in Swift, and turning the result into an integer traps.
/// This reads `[+-]digits[.digits][e[+-]digits]` and nothing else.
struct Decimal: Equatable {
  var mantissa: UInt128
  var exponent: Int
  var isNegative: Bool

  private static let mostDigits = 36
  private static let largestExponent = 10_000

  /// `nil` when the bytes are not a number. Digits beyond 36 significant ones are dropped.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var position = 0
    mantissa = 0
    exponent = 0
    isNegative = false
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    var digits = 0
    var significant = 0
    var afterPoint = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "."), !afterPoint {
        afterPoint = true
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        digits += 1
        if significant < Self.mostDigits {
          mantissa = mantissa * 10 + UInt128(byte &- UInt8(ascii: "0"))
          if mantissa != 0 { significant += 1 }
          if afterPoint { exponent -= 1 }
        } else if !afterPoint {
          exponent += 1
        }
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    guard position < bytes.count else { return }
    guard bytes[position] == UInt8(ascii: "e") || bytes[position] == UInt8(ascii: "E") else { return nil }
    guard let written = Self.exponent(UnsafeRawBufferPointer(rebasing: bytes[(position + 1)...])) else { return nil }
    exponent += written
  }

  private static func exponent(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var digits = bytes[...]
    var sign = 1
    if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? -1 : 1
      digits = digits.dropFirst()
    }
    guard !digits.isEmpty else { return nil }
    var value = 0
    for byte in digits {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = min(largestExponent, value * 10 + Int(byte - UInt8(ascii: "0")))
    }
    return sign * value
  }

  /// A number cut off after 2^-32.
  struct FixedPoint {
    var whole: UInt128
    var fraction: UInt32
    /// Whether nothing was cut off.
    var isExact: Bool

    static let zero = FixedPoint(whole: 0, fraction: 0, isExact: true)

    /// In 2^-32.
    var units: UInt128 { whole << 32 | UInt128(fraction) }
  }

  /// The value x 10^scale; `nil` when its whole part is above `bound`, which has at most 96 bits.
  func fixedPoint(scale: Int, bound: UInt128) -> FixedPoint? {
    guard mantissa != 0 else { return .zero }
    let power = exponent + scale
    if power >= 0 {
      guard power <= 38 else { return nil }
      let (whole, overflow) = mantissa.multipliedReportingOverflow(by: Self.powerOfTen(power))
      return overflow || whole > bound ? nil : FixedPoint(whole: whole, fraction: 0, isExact: true)
    }
    // 36 digits and 60 places: below 10^-24.
    guard power > -60 else { return FixedPoint(whole: 0, fraction: 0, isExact: false) }
    // At most 18 digits of the fraction matter below.
    var digits = mantissa
    var places = -power
    while places > 38 {
      digits /= 10
      places -= 1
    }
    let (whole, remainder) = digits.quotientAndRemainder(dividingBy: Self.powerOfTen(places))
    guard whole <= bound else { return nil }
    let excess = max(0, places - 18)
    let (numerator, below) = remainder.quotientAndRemainder(dividingBy: Self.powerOfTen(excess))
    let (fraction, rest) = (numerator << 32).quotientAndRemainder(dividingBy: Self.powerOfTen(places - excess))
    return FixedPoint(
      whole: whole, fraction: UInt32(truncatingIfNeeded: fraction), isExact: below == 0 && rest == 0 && places == -power
    )
  }

  /// For 0 to 38.
  private static func powerOfTen(_ power: Int) -> UInt128 {
    // 64 bits hold 10^19, and multiply faster.
    var low: UInt64 = 1
    for _ in 0..<min(power, 19) { low &*= 10 }
    var result = UInt128(low)
    for _ in 0..<max(0, power - 19) { result &*= 10 }
    return result
  }
}
