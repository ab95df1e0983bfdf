/// A decimal literal taken apart: sign, significant digits, and the power of ten of the last of them.
struct DecimalDigits {
  private var isNegative = false
  /// Without zeros at either end; empty for zero.
  private var digits: [UInt8] = []
  private var exponent = 0

  /// No literal is long enough to bring an exponent this large back into range.
  private static let largestExponent = 1 << 40

  /// `text` is a valid JSON number.
  init(_ text: String) {
    var fractionDigits = 0
    var inFraction = false
    var writtenExponent = 0
    var exponentSign = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if exponentSign != 0 {
          writtenExponent = min(writtenExponent * 10 + Int(digit), Self.largestExponent)
        } else {
          if inFraction { fractionDigits += 1 }
          if digit != 0 || !digits.isEmpty { digits.append(digit) }
        }
      case UInt8(ascii: "."): inFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): exponentSign = 1
      case UInt8(ascii: "-"): if exponentSign == 0 { isNegative = true } else { exponentSign = -1 }
      default: break
      }
    }
    exponent = exponentSign * writtenExponent - fractionDigits
    while digits.last == 0 {
      digits.removeLast()
      exponent += 1
    }
  }

  /// The value times 10^`scale`; `nil` on overflow, or when digits remain and rounding is not wanted.
  func scaled(by scale: Int, rounding: Bool) -> Int128? {
    guard !digits.isEmpty else { return 0 }
    let (shift, overflow) = exponent.addingReportingOverflow(scale)
    guard !overflow else { return exponent > 0 ? nil : (rounding ? 0 : nil) }
    guard rounding || shift >= 0 else { return nil }
    // Int128 has at most 39 digits, so a longer whole part overflows and the loop below is short.
    let (wholeDigits, tooMany) = digits.count.addingReportingOverflow(shift)
    guard !tooMany, wholeDigits <= 39 else { return nil }
    guard wholeDigits >= 0 else { return 0 }
    var magnitude: UInt128 = 0
    for position in 0..<wholeDigits {
      let digit = position < digits.count ? digits[position] : 0
      let (product, carried) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, spilled) = product.addingReportingOverflow(UInt128(digit))
      guard !carried, !spilled else { return nil }
      magnitude = sum
    }
    if wholeDigits < digits.count, digits[wholeDigits] >= 5 {
      let (sum, spilled) = magnitude.addingReportingOverflow(1)
      guard !spilled else { return nil }
      magnitude = sum
    }
    if isNegative {
      guard magnitude <= Int128.min.magnitude else { return nil }
      return magnitude == Int128.min.magnitude ? .min : -Int128(magnitude)
    }
    return Int128(exactly: magnitude)
  }
}
