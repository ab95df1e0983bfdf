// How a forecast learns: from an ever-growing total and the time that passes.
extension AccountForecast {
  /// Of ten minutes: half is forgotten in four hours, and in one.
  private static let levelMemory = DecayedUse.memory(halfLife: 24)
  private static let secondMemory = DecayedUse.memory(halfLife: 6)

  /// Takes in what was used since the last call, and the time that passed. O(1) a minute.
  mutating func observe(
    _ total: Quantity, used: Quantity, span: ForecastSpan, minute now: Int64, pool: inout IntervalPool
  ) {
    let scale = ForecastScale(length: span.length)
    let use = (total - lastTotal).single
    lastTotal = total
    guard span.start != windowStart else {
      credit(use)
      inWindow += use
      advance(to: now, span: span, scale: scale)
      return passCheckpoints(span, scale: scale)
    }
    let inNew = span.isRolling ? 0 : min(max(0, use), max(0, used.single))
    credit(use - inNew)
    inWindow += use - inNew
    endWindow(span, scale: scale, pool: &pool)
    advance(to: now, span: span, scale: scale)
    credit(inNew)
    // Of a window that a clock which was set has moved, all its use.
    inWindow = span.isRolling ? 0 : max(0, used.single)
    windowStart = span.start
    nextCheckpoint = 1
    isBroken = false
    passCheckpoints(span, scale: scale)
  }

  private mutating func credit(_ use: Float) {
    if use != 0 { history.add(use, minute: Int64(minute)) }
  }

  private mutating func endWindow(_ span: ForecastSpan, scale: ForecastScale, pool: inout IntervalPool) {
    isLikely = false
    guard nextCheckpoint == 8, !isBroken, span.start > windowStart else { return record.forget() }
    let total = max(0, inWindow)
    record.score(
      total: total, floor: floor(span, scale: scale, day: shape.day), priors: scale.priors, pool: &pool,
      teaches: isForecastable(span, scale: scale))
    meanWindow += (meanWindow == 0 ? 1 : Self.meanWeight) * (total - meanWindow)
  }

  private mutating func advance(to now: Int64, span: ForecastSpan, scale: ForecastScale) {
    let passed = now - Int64(minute)
    guard passed > 0 else { return }
    if passed > Self.longestSilence {
      history.skip(from: Int64(minute), to: now)
      if Float(passed) > span.minutes / 8 { isBroken = true }
      minute = UInt32(clamping: now)
      return
    }
    for closing in Int64(minute)..<now {
      close(closing, local: span.localMinute.saturatingSubtract(now - closing), span: span, scale: scale)
      history.open(minute: closing + 1)
    }
    minute = UInt32(clamping: now)
  }

  /// The end of a minute, and of the bins that end with it.
  private mutating func close(_ closing: Int64, local: Int64, span: ForecastSpan, scale: ForecastScale) {
    if scale == .short {
      let use = history.minute(at: closing)
      fast.add(use, measure: 1, memory: DecayedUse.memory(halfLife: span.minutes / 12))
      second.add(use, measure: 1, memory: DecayedUse.memory(halfLife: span.minutes / 4))
    }
    guard closing % 10 == 9 else { return }
    let use = history.ten(at: closing)
    if use > 0 { activeToday = min(144, activeToday + 1) }
    if scale != .short {
      let expected = expectedTen(local: local, scale: scale)
      fast.add(use, measure: 1, memory: DecayedUse.memory(halfLife: span.minutes / 10 / 36))
      level.add(use, measure: expected, memory: Self.levelMemory)
      second.add(use, measure: expected, memory: Self.secondMemory)
    }
    if closing % 60 == 59 {
      let hour = (local - 29).flooredQuotient(60)
      let weekday = scale == .long ? Self.weekday(hour.flooredQuotient(24)) : nil
      shape.learn(
        history.openHour, slot: Int(hour.flooredRemainder(24)), weekday: weekday,
        known: (closing - Int64(born)) / 1440)
    }
    if closing % 1440 == 1439 {
      active[Int((closing / 1440) % 7)] = activeToday
      activeToday = 0
      activeDays = min(7, activeDays + 1)
    }
  }

  private mutating func passCheckpoints(_ span: ForecastSpan, scale: ForecastScale) {
    let eighths = span.elapsed * 8
    while nextCheckpoint < 8, eighths >= Float(nextCheckpoint) {
      // Far past it, the forecast of now is not the one of then.
      if eighths < Float(nextCheckpoint) + 0.5, hasHistory(span, scale: scale) {
        let course = course(span, scale: scale, used: inWindow)
        record.note(course.rest(in: reach(span)), used: inWindow, at: Int(nextCheckpoint) - 1)
      }
      nextCheckpoint += 1
    }
  }
}
