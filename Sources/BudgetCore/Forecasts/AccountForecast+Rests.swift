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
  /// - Parameter day: what the shape expects of a day.
  func floor(_ span: ForecastSpan, scale: ForecastScale, day: Float) -> Float {
    let typical = scale == .short ? meanWindow : day * span.minutes / 1440
    return max(Self.leastFloor, Self.floorShare * typical)
  }

  /// How far ahead the window's end is, in minutes; of a rolling window its length.
  func reach(_ span: ForecastSpan) -> Float {
    min(Self.farthest, span.isRolling ? span.minutes : span.minutesLeft)
  }

  /// What each expert expects from now on. O(24).
  func course(_ span: ForecastSpan, scale: ForecastScale, used: Float) -> ExpertCourse {
    let fraction = Float(span.now.flooredRemainder(60_000_000_000)) / 60e9
    return scale == .short
      ? ExpertCourse(rates: rates(span, fraction: fraction, used: used))
      : courseByShape(span, scale: scale, fraction: fraction)
  }

  private func rates(_ span: ForecastSpan, fraction: Float, used: Float) -> Experts {
    let open = history.minute(at: Int64(minute))
    let even = used / max(1, span.isRolling ? span.minutes : span.elapsed * span.minutes)
    return Experts(
      fast.rate(with: open, share: fraction), second.rate(with: open, share: fraction), even,
      record.windows > 0 ? meanWindow / span.minutes : even)
  }

  private func courseByShape(_ span: ForecastSpan, scale: ForecastScale, fraction: Float) -> ExpertCourse {
    let position = Int64(minute)
    let local = span.localMinute
    let share = (Float(position % 10) + fraction) / 10
    let open = history.ten(at: position)
    let due = expectedTen(local: local, scale: scale) * share
    var course = ExpertCourse(
      shape, history: history, scale: scale, rate: fast.rate(with: open, share: share) / 10, minute: position,
      local: local, fraction: fraction)
    let meanBin = course.day / 144
    course.set(
      level: level.level(with: open, expected: due, meanBin: meanBin),
      quickLevel: second.level(with: open, expected: due, meanBin: meanBin))
    return course
  }
}
