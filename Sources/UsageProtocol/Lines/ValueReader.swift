import BudgetCore

/// The values of a line that are not one plain run of digits: decimals, packed values, sampled ones, costs, durations.
struct ValueReader {
  var event: UsageEvent
  /// Billionths.
  let rate: UInt128
  let type: MetricType

  /// More than anybody spends at once, and small enough that sums never reach the end of their type.
  private static let largestAmount: UInt128 = 1_000_000_000_000_000
  private static let largestCost: UInt128 = 9_000_000_000_000_000_000
  private static let largestDuration: UInt128 = 1_000_000_000_000_000_000

  func read(_ values: UnsafeRawBufferPointer, into batch: inout EventBatch) throws(LineRefusal) {
    var isEmpty = true
    var start = 0
    while start <= values.count {
      let end = Bytes.index(of: UInt8(ascii: ":"), in: values, from: start)
      if end > start {
        batch.append(try event(of: Self.number(UnsafeRawBufferPointer(rebasing: values[start..<end]))))
        isEmpty = false
      }
      start = end + 1
    }
    if isEmpty { throw .rejected(.missingValue) }
  }

  /// Whether the values of a metric that is not counted are at least numbers.
  static func check(_ values: UnsafeRawBufferPointer, type: MetricType) throws(LineRefusal) {
    guard !values.isEmpty else { throw .rejected(.missingValue) }
    guard type != .set else { return }
    var start = 0
    while start <= values.count {
      let end = Bytes.index(of: UInt8(ascii: ":"), in: values, from: start)
      if end > start, Decimal(UnsafeRawBufferPointer(rebasing: values[start..<end])) == nil {
        throw .rejected(.notANumber)
      }
      start = end + 1
    }
  }

  private static func number(_ bytes: UnsafeRawBufferPointer) throws(LineRefusal) -> Decimal {
    guard let number = Decimal(bytes) else { throw .rejected(.notANumber) }
    guard !number.isNegative || number.mantissa == 0 else { throw .rejected(.negative) }
    return number
  }

  private func event(of number: Decimal) throws(LineRefusal) -> UsageEvent {
    var result = event
    switch event.kind {
    case .tokens, .requests, .items:
      guard let (whole, fraction) = number.fixedPoint(scale: 0, bound: Self.largestAmount) else {
        throw .rejected(.outOfRange)
      }
      // In 2^-32: 50 bits of amount, 32 of fraction and 30 of rate stay below 128.
      let sampled = (whole << 32 | UInt128(fraction)) * LineFields.wholeRate / rate
      guard sampled >> 32 <= Self.largestAmount else { throw .rejected(.outOfRange) }
      result.amount = Int64(truncatingIfNeeded: sampled >> 32)
      result.fraction = UInt32(truncatingIfNeeded: sampled)
    case .cost:
      guard let (whole, fraction) = number.fixedPoint(scale: 12, bound: Self.largestCost) else {
        throw .rejected(.outOfRange)
      }
      let rounded = whole + (fraction >= 1 << 31 ? 1 : 0)
      let sampled = (rounded * LineFields.wholeRate + rate / 2) / rate
      guard sampled <= Self.largestCost else { throw .rejected(.outOfRange) }
      result.amount = Int64(truncatingIfNeeded: sampled)
    case .duration:
      // A timer is in milliseconds; histograms and distributions are in the base unit, seconds.
      guard let (whole, _) = number.fixedPoint(scale: type == .timer ? 6 : 9, bound: Self.largestDuration) else {
        throw .rejected(.outOfRange)
      }
      result.amount = Int64(truncatingIfNeeded: whole)
      result.weight = Double(LineFields.wholeRate) / Double(rate)
    }
    return result
  }
}
