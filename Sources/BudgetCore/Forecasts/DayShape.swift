/// What an account uses in each hour of the local day, and on each day of the week: learned, forgetting.
///
/// An hour is the exponentially weighted mean of the square root of its use, squared again: between a mean, which one
/// outlier day rules, and a geometric mean, which is too low where use comes and goes. Each new day weighs a fifth,
/// the first ones more.
struct DayShape: Sendable {
  /// Square roots of the use in an hour.
  private(set) var roots = InlineArray<24, CompactFloat>(repeating: CompactFloat())
  /// How often each hour was learned, 255 at most: of the hour that was learned most.
  private(set) var days: UInt8 = 0
  /// What a weekday has of the mean day; 1 until it is learned. Monday first.
  private(set) var weekdays = InlineArray<7, CompactFloat>(repeating: CompactFloat(1))
  /// The use of the last seven days.
  private(set) var dayTotals = InlineArray<7, CompactFloat>(repeating: CompactFloat())
  /// The use of the local day that is not over.
  private(set) var openDay: Float = 0

  private static let slowestWeight: Float = 0.2
  /// No hour counts as more than this many times its own or the mean hour's shape: outliers.
  private static let clip: Float = 4
  private static let weekdayWeight: Float = 0.3

  init() {}

  init?(stored: [Float]) {
    guard stored.count == Self.storedCount, stored.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    for index in 0..<24 { roots[index] = CompactFloat(stored[index]) }
    for index in 0..<7 { weekdays[index] = CompactFloat(stored[24 + index]) }
    for index in 0..<7 { dayTotals[index] = CompactFloat(stored[31 + index]) }
    openDay = stored[38]
    days = UInt8(min(255, stored[39]))
  }

  static let storedCount = 40

  var stored: [Float] {
    roots.indices.map { roots[$0].value } + weekdays.indices.map { weekdays[$0].value }
      + dayTotals.indices.map { dayTotals[$0].value } + [openDay, Float(days)]
  }

  /// The expected use of an hour of the local day.
  @inline(__always)
  func hour(_ slot: Int) -> Float { roots[slot].value * roots[slot].value }

  /// The expected use of a mean day.
  var day: Float {
    let roots = roots.span
    var sum: Float = 0
    for slot in 0..<24 { sum += roots[slot].value * roots[slot].value }
    return sum
  }

  func weekday(_ day: Int) -> Float { weekdays[day].value }

  /// Learns an hour that is over. O(24).
  /// - Parameters:
  ///   - slot: the hour of the local day.
  ///   - weekday: 0 is Monday; `nil` where days of the week are not told apart.
  ///   - known: whole days of history.
  mutating func learn(_ use: Float, slot: Int, weekday: Int?, known: Int64) {
    let use = max(0, use)
    openDay += use
    let factor = weekday.map { max(0.05, self.weekday($0)) } ?? 1
    var typical = use / factor
    if known >= 1 { typical = min(typical, Self.clip * max(hour(slot), day / 24)) }
    let weight = max(Self.slowestWeight, 1 / Float(min(known, 100) + 1))
    roots[slot] = CompactFloat((1 - weight) * roots[slot].value + weight * typical.squareRoot())
    if slot == 23 { endDay(weekday) }
  }

  private mutating func endDay(_ weekday: Int?) {
    let slot = weekday ?? 0
    defer { openDay = 0 }
    days = days == 255 ? 255 : days + 1
    guard weekday != nil else { return }
    dayTotals[slot] = CompactFloat(openDay)
    guard days >= 7 else { return }
    var mean: Float = 0
    for day in 0..<7 { mean += dayTotals[day].value / 7 }
    guard mean > 0 else { return }
    let ratio = min(7, openDay / mean)
    weekdays[slot] = CompactFloat((1 - Self.weekdayWeight) * weekdays[slot].value + Self.weekdayWeight * ratio)
  }
}
