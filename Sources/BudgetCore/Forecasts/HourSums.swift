/// Sums of hours of a day up to each hour, to take the use between any two times of day in O(1).
struct HourSums {
  private var sums = InlineArray<25, Float>(repeating: 0)

  init(shape: borrowing DayShape) {
    for slot in 0..<24 { sums[slot + 1] = sums[slot] + shape.hour(slot) }
  }

  /// Of the last 24 whole hours, each in the place of its time of day.
  /// - Parameters:
  ///   - minute: of the steady clock.
  ///   - local: the same on the local clock, since 1970.
  init(history: borrowing UseHistory, minute: Int64, local: Int64) {
    let open = (local - minute % 60 + 30).flooredQuotient(60)
    var slot = Int((open - 24).flooredRemainder(24))
    var hours = InlineArray<24, Float>(repeating: 0)
    history.forEachHour(before: minute / 60) { use in
      hours[slot] = max(0, use)
      slot = slot == 23 ? 0 : slot + 1
    }
    for slot in 0..<24 { sums[slot + 1] = sums[slot] + hours[slot] }
  }

  var day: Float { sums[24] }

  /// - Parameters: minutes of the day, 0 to 1440.
  @inline(__always)
  func sum(_ from: Float, _ to: Float) -> Float { max(0, value(to) - value(from)) }

  @inline(__always)
  private func value(_ minute: Float) -> Float {
    let hours = min(24, max(0, minute / 60))
    let slot = min(23, Int(hours))
    return sums[slot] + (sums[slot + 1] - sums[slot]) * (hours - Float(slot))
  }
}
