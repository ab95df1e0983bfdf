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
    var rests = InlineArray<8, Experts>(repeating: Experts(repeating: 0))
    let position = Int64(minute)
    if scale == .short {
      let open = history.minute(at: position)
      let even = used / max(1, span.isRolling ? span.minutes : span.elapsed * span.minutes)
      let rates: Experts = [
        fast.rate(with: open, share: fraction), slow.rate(with: open, share: fraction), even,
        record.windows > 0 ? meanWindow / span.minutes : even,
      ]
      for point in 0..<Self.points {
        for expert in 0..<4 { rests[point][expert] = rates[expert] * left * Float(point + 1) / 8 }
      }
      return rests
    }
    let share = (Float(position % 10) + fraction) / 10
    let open = history.ten(at: position)
    let (fast, slow) = (fast.rate(with: open, share: share) / 10, slow.rate(with: open, share: share) / 10)
    let local = span.localMinute
    let day = shape.day
    let level = level.level(
      with: open, expected: expectedTen(local: local, scale: scale) * share, meanBin: day / 144)
    let sums = HourSums(shape: shape)
    let yesterday = scale == .day ? HourSums(history: history, minute: position, local: local) : sums
    let today = local.flooredQuotient(1440)
    let from = Float(local - today * 1440) + fraction
    var (passed, ahead) = (Float(0), Int64(0))
    var seasonal: Float = 0
    var last: Float = 0
    for point in 0..<Self.points {
      let target = left * Float(point + 1) / 8
      while true {
        let midnight = Float(ahead + 1) * 1440 - from
        let end = min(target, midnight)
        if end > passed {
          let start = max(0, from + passed - Float(ahead) * 1440)
          let stop = start + end - passed
          let usual = sums.sum(start, stop)
          let weekday = Self.weekday(today + ahead)
          let factor = scale == .long ? shape.weekday(weekday) : 1
          let decay = exp2f(-(passed + end) / 2 / 1440)
          seasonal += usual * factor * (1 + (level - 1) * decay)
          if scale == .long {
            last += shape.dayTotals[weekday].value * (day > 0 ? usual / day : (end - passed) / 1440)
          } else {
            last += yesterday.sum(start, stop)
          }
          passed = end
        }
        if midnight > target { break }
        ahead += 1
      }
      rests[point] = [seasonal, fast * target, slow * target, last]
    }
    return rests
  }
}

/// Sums of hours of a day up to each hour, to take the use between any two times of day in O(1).
private struct HourSums {
  private var sums = InlineArray<25, Float>(repeating: 0)

  init(shape: DayShape) {
    for slot in 0..<24 { sums[slot + 1] = sums[slot] + shape.hour(slot) }
  }

  /// Of the last 24 whole hours, each in the place of its time of day.
  init(history: UseHistory, minute: Int64, local: Int64) {
    let open = (local - minute % 60 + 30).flooredQuotient(60)
    var hours = InlineArray<24, Float>(repeating: 0)
    for age in 1...Int64(24) {
      hours[Int((open - age).flooredRemainder(24))] = max(0, history.hour(minute / 60 - age))
    }
    for slot in 0..<24 { sums[slot + 1] = sums[slot] + hours[slot] }
  }

  /// - Parameters: minutes of the day, 0 to 1440.
  func sum(_ from: Float, _ to: Float) -> Float { max(0, value(to) - value(from)) }

  private func value(_ minute: Float) -> Float {
    let hours = min(24, max(0, minute / 60))
    let slot = min(23, Int(hours))
    return sums[slot] + (sums[slot + 1] - sums[slot]) * (hours - Float(slot))
  }
}
