extension Instant {
  /// The instant in UTC as RFC 3339 writes it, to the millisecond where there are any: `2026-11-21T03:00:00Z`.
  package var rfc3339: String {
    String(unsafeUninitializedCapacity: Self.longestRFC3339) { writeRFC3339(to: $0) }
  }

  package static let longestRFC3339 = 24

  /// The same into memory that has room for it; the number of bytes written. Every decision holds some of these texts.
  package func writeRFC3339(to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let days = seconds.flooredQuotient(86_400)
    let date = CivilDate(daysSinceEpoch: days)
    let second = seconds - days * 86_400
    let milliseconds = nanoseconds.flooredRemainder(1_000_000_000) / 1_000_000
    // Nanoseconds of 64 bits reach from 1677 to 2262: a year has four digits.
    var end = 0
    func append(_ value: Int64, digits: Int, then mark: Unicode.Scalar) {
      text.initializeDecimal(UInt64(truncatingIfNeeded: value), digits: digits, at: end)
      text.initializeElement(at: end + digits, to: UInt8(ascii: mark))
      end += digits + 1
    }
    append(date.year, digits: 4, then: "-")
    append(date.month, digits: 2, then: "-")
    append(date.day, digits: 2, then: "T")
    append(second / 3600, digits: 2, then: ":")
    append(second / 60 % 60, digits: 2, then: ":")
    append(second % 60, digits: 2, then: milliseconds == 0 ? "Z" : ".")
    if milliseconds != 0 { append(milliseconds, digits: 3, then: "Z") }
    return end
  }
}

extension UnsafeMutableBufferPointer<UInt8> {
  /// Writes the last `digits` decimal digits of a number.
  @inline(__always)
  func initializeDecimal(_ value: UInt64, digits: Int, at start: Int) {
    var rest = value
    for place in stride(from: start + digits - 1, through: start, by: -1) {
      initializeElement(at: place, to: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
  }
}
