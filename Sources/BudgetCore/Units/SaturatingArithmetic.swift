/// Arithmetic that stops at the ends of the type. Foreign numbers must never trap.
extension FixedWidthInteger {
  package func saturatingAdd(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    // Without the hint both results are worked out each time.
    if _fastPath(!overflow) { return sum }
    return other < 0 ? .min : .max
  }

  package func saturatingSubtract(_ other: Self) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  package func saturatingMultiply(_ other: Self) -> Self {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}
