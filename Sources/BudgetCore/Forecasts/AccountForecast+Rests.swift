import Glibc

// What is known of an account: whether there is anything to say, and what each expert says.
extension AccountForecast {
  func hasHistory(_ span: ForecastSpan, scale: ForecastScale) -> Bool {
    let known = Float(minute - born)
    return known >= span.minutes || scale == .long && known >= 7 * 1440
  }

  /// The share of the past week's bins that had use.
  var activity: Float {
    guard activeDays > 0 else {
      return Float(activeToday) / max(1, Float((minute - born) / 10))
    }
    var sum: Float = 0
    for day in 0..<7 { sum += Float(active[day]) }
    return sum / (144 * Float(activeDays))
  }

  func isForecastable(_ span: ForecastSpan, scale: ForecastScale) -> Bool {
    hasHistory(span, scale: scale) && activity >= Self.leastActivity
  }

  static func weekday(_ day: Int64) -> Int { Int((day + 3).flooredRemainder(7)) }

  func expectedTen(local: Int64, scale: ForecastScale) -> Float {
    let hour = local.flooredQuotient(60)
    let factor = scale == .long ? shape.weekday(Self.weekday(hour.flooredQuotient(24))) : 1
    return shape.hour(Int(hour.flooredRemainder(24))) / 6 * factor
  }

  /// e: errors below this use do not matter.
  func floor(_ span: ForecastSpan, scale: ForecastScale) -> Float {
    let typical = scale == .short ? meanWindow : shape.day * span.minutes / 1440
    return max(Self.leastFloor, Self.floorShare * typical)
  }

  /// What each expert expects to be used from now on to each eighth of what remains of the window. O(1): of windows
  /// longer than two days O(days).
  func rests(_ span: ForecastSpan, scale: ForecastScale, used: Float) -> InlineArray<8, Experts> {
    let left = min(Self.farthest, span.isRolling ? span.minutes : span.minutesLeft)
    let fraction = Float(span.now.flooredRemainder(60_000_000_000)) / 60e9
    return scale == .short
      ? restsByRates(span, left: left, fraction: fraction, used: used)
      : restsByShape(span, scale: scale, left: left, fraction: fraction)
  }

  private func restsByRates(
    _ span: ForecastSpan, left: Float, fraction: Float, used: Float
  ) -> InlineArray<8, Experts> {
    var rests = InlineArray<8, Experts>(repeating: Experts(repeating: 0))
    let open = history.minute(at: Int64(minute))
    let even = used / max(1, span.isRolling ? span.minutes : span.elapsed * span.minutes)
    let rates: Experts = [
      fast.rate(with: open, share: fraction), second.rate(with: open, share: fraction), even,
      record.windows > 0 ? meanWindow / span.minutes : even,
    ]
    for point in 0..<Self.points {
      for expert in 0..<4 { rests[point][expert] = rates[expert] * left * Float(point + 1) / 8 }
    }
    return rests
  }

  private func restsByShape(
    _ span: ForecastSpan, scale: ForecastScale, left: Float, fraction: Float
  ) -> InlineArray<8, Experts> {
    var rests = InlineArray<8, Experts>(repeating: Experts(repeating: 0))
    let position = Int64(minute)
    let local = span.localMinute
    let sums = HourSums(shape: shape)
    let yesterday = scale == .day ? HourSums(history: history, minute: position, local: local) : sums
    let day = sums.day

    let share = (Float(position % 10) + fraction) / 10
    let open = history.ten(at: position)
    let due = expectedTen(local: local, scale: scale) * share
    let rate = fast.rate(with: open, share: share) / 10
    let level = level.level(with: open, expected: due, meanBin: day / 144)
    let quickLevel = second.level(with: open, expected: due, meanBin: day / 144)

    let today = local.flooredQuotient(1440)
    let from = Float(local - today * 1440) + fraction
    var (passed, ahead) = (Float(0), Int64(0))
    var (usual, seasonal, last) = (Float(0), Float(0), Float(0))
    for point in 0..<Self.points {
      let target = left * Float(point + 1) / 8
      while true {
        let midnight = Float(ahead + 1) * 1440 - from
        let end = min(target, midnight)
        if end > passed {
          let start = max(0, from + passed - Float(ahead) * 1440)
          let stop = start + end - passed
          let weekday = Self.weekday(today + ahead)
          let ofShape = sums.sum(start, stop)
          let expected = scale == .long ? ofShape * shape.weekday(weekday) : ofShape
          usual += expected
          seasonal += expected * (1 + (level - 1) * exp2f(-(passed + end) / 2 / 1440))
          if scale == .long {
            last += shape.dayTotals[weekday].value * (day > 0 ? ofShape / day : (end - passed) / 1440)
          } else {
            last += yesterday.sum(start, stop)
          }
          passed = end
        }
        if midnight > target { break }
        ahead += 1
      }
      rests[point] = [seasonal, rate * target, quickLevel * usual, last]
    }
    return rests
  }
}
