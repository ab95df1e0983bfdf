package import BudgetCore

/// Numbers as people write them in a configuration, read without floating point.
///
/// Each function returns `nil` for text that is not such a number or does not fit; none can trap.
package enum NumberText {
  /// A whole number: `500000`, `500_000`, `500K`, `2M`, `1G` (thousands, millions, billions).
  ///
  /// Leading zeros are refused, since some readers of YAML take them for octal.
  package static func whole(_ text: some StringProtocol) -> Int64? {
    var digits = Array(text.utf8)
    var factor: Int64 = 1
    switch digits.last {
    case UInt8(ascii: "k"), UInt8(ascii: "K"): factor = 1_000
    case UInt8(ascii: "M"): factor = 1_000_000
    case UInt8(ascii: "G"): factor = 1_000_000_000
    default: break
    }
    if factor > 1 { digits.removeLast() }
    guard let value = grouped(digits[...]), let small = Int64(exactly: value) else { return nil }
    let (product, overflow) = small.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }

  /// A decimal number such as `25.00`, as a whole count of `10^-decimals`: `("0.5", 6)` is 500,000.
  ///
  /// At most `decimals` digits may follow the point; trailing zeros count as digits.
  package static func decimal(_ text: some StringProtocol, decimals: Int) -> Quantity? {
    let parts = Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, var value = grouped(parts[0]) else { return nil }
    let fraction = parts.count == 2 ? parts[1] : []
    guard parts.count == 1 || (1...decimals).contains(fraction.count) else { return nil }
    for position in 0..<decimals {
      var digit: Quantity = 0
      if position < fraction.count {
        guard let given = self.digit(fraction[fraction.startIndex + position]) else { return nil }
        digit = given
      }
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow, shifted <= .max - digit else { return nil }
      value = shifted + digit
    }
    return value
  }

  /// At most 20 digits, with single `_` between them, without a sign or a leading zero.
  private static func grouped(_ text: ArraySlice<UInt8>) -> Quantity? {
    var value: Quantity = 0
    var digits = 0
    var afterDigit = false
    for byte in text {
      if byte == UInt8(ascii: "_"), afterDigit {
        afterDigit = false
        continue
      }
      guard let digit = digit(byte), digits < 20, digits == 0 || value > 0 else { return nil }
      value = value * 10 + digit
      digits += 1
      afterDigit = true
    }
    return afterDigit ? value : nil
  }

  private static func digit(_ byte: UInt8) -> Quantity? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Quantity(byte - UInt8(ascii: "0")) : nil
  }
}
