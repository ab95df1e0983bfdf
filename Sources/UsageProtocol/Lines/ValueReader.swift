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

  /// Appends the values: packed counts and costs as one event of their sum, so that a line with an id stays one;
  /// each duration as an event of its own.
  func read(_ values: UnsafeRawBufferPointer, into batch: inout EventBatch) throws(LineRefusal) {
    var sum: UInt128 = 0
    var isEmpty = true
    var start = 0
    while start <= values.count {
      let end = Bytes.index(of: UInt8(ascii: ":"), in: values, from: start)
      if end > start {
        let number = try Self.number(UnsafeRawBufferPointer(rebasing: values[start..<end]))
        if event.kind == .duration {
          batch.append(try duration(number))
        } else {
          sum += try units(number)
          guard sum >> 32 <= bound else { throw .rejected(.outOfRange) }
        }
        isEmpty = false
      }
      start = end + 1
    }
    if isEmpty { throw .rejected(.missingValue) }
    if event.kind != .duration { batch.append(try counter(sum)) }
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

  /// In billionths of a unit or picodollar, as the sum: what a rate divides comes out exact.
  private var bound: UInt128 {
    (event.kind == .cost ? Self.largestCost : Self.largestAmount) * LineFields.wholeRate
  }

  /// A count or cost in billionths and their 2^-32; a count is rounded up there, so that lines sampled at 1/n make
  /// whole ones after n lines.
  private func units(_ number: Decimal) throws(LineRefusal) -> UInt128 {
    let isCost = event.kind == .cost
    guard let fixed = number.fixedPoint(scale: isCost ? 21 : 9, bound: bound) else { throw .rejected(.outOfRange) }
    return fixed.isExact || isCost ? fixed.units : fixed.units + 1
  }

  /// The event of a sum, divided by the rate: a cost to the nearest picodollar, a count to the next 2^-32.
  private func counter(_ sum: UInt128) throws(LineRefusal) -> UsageEvent {
    // At most 63 bits of amount, 30 of billionths and 32 of fraction: below 128.
    var result = event
    if event.kind == .cost {
      let picodollars = (sum + (rate << 31)) / (rate << 32)
      guard picodollars <= Self.largestCost else { throw .rejected(.outOfRange) }
      result.amount = Int64(truncatingIfNeeded: picodollars)
    } else {
      let sampled = (sum + (rate - 1)) / rate
      guard sampled >> 32 <= Self.largestAmount else { throw .rejected(.outOfRange) }
      result.amount = Int64(truncatingIfNeeded: sampled >> 32)
      result.fraction = UInt32(truncatingIfNeeded: sampled)
    }
    return result
  }

  /// One observation. A timer is in milliseconds; histograms and distributions are in the base unit, seconds.
  private func duration(_ number: Decimal) throws(LineRefusal) -> UsageEvent {
    guard let fixed = number.fixedPoint(scale: type == .timer ? 6 : 9, bound: Self.largestDuration) else {
      throw .rejected(.outOfRange)
    }
    var result = event
    result.amount = Int64(truncatingIfNeeded: fixed.whole)
    result.weight = Double(LineFields.wholeRate) / Double(rate)
    return result
  }
}
