import Glibc

/// What one account's future is forecast from: at most 512 bytes, whatever it lived through.
///
/// It is fed with the account's ever-growing total once a minute and when it is read; nothing on the way of usage knows
/// of it. Use is credited to the bins that were open at the last feeding.
struct AccountForecast: Sendable {
  /// Whose it is, of those that stood at the account's place.
  var serial: UInt32 = 0
  /// Minutes of the steady clock: the first one, and the one whose bins are open.
  private(set) var born: UInt32
  private(set) var minute: UInt32
  private(set) var lastTotal: Quantity
  private(set) var windowStart: Int64
  /// Use in the window that runs, as far as it was fed.
  private(set) var inWindow: Float
  /// The weighted mean of the totals of windows that ended.
  private(set) var meanWindow: Float = 0
  private(set) var history = UseHistory()
  private(set) var shape = DayShape()
  private(set) var level = UseLevel()
  /// Half-lives of a twelfth and of a quarter of the window.
  private(set) var fast = UseRate()
  private(set) var slow = UseRate()
  private(set) var record = ExpertRecord()
  /// Of the last seven days, the bins of ten minutes with use.
  private(set) var active = InlineArray<7, UInt8>(repeating: 0)
  private(set) var activeToday: UInt8 = 0
  private(set) var activeDays: UInt8 = 0
  /// The next checkpoint of the window, in eighths: 8 when all have passed.
  private(set) var nextCheckpoint: UInt8 = 1
  /// Nobody looked for too long a part of the window that runs.
  private(set) var isBroken = false
  /// The chance of exhaustion was high at the last minute, and at the one before: acted upon.
  var isLikely = false
  var isProjected = false

  /// Nobody looked for this many minutes: what lies between is not taken for silence.
  private static let longestSilence: Int64 = 10
  /// With use in fewer of the last week's bins, nothing is forecast.
  private static let leastActivity: Float = 0.1
  private static let floorShare: Float = 0.02
  private static let leastFloor: Float = 1e-6
  private static let meanWeight: Float = 0.35
  static let points = 8
  /// In minutes: nothing is said of times after the next 400 days.
  private static let farthest: Float = 400 * 1440

  typealias Experts = InlineArray<4, Float>
  typealias Points = InlineArray<8, Float>

  /// - Parameters:
  ///   - total: what was ever used; `credited` of it counts as use of the first minute.
  ///   - used: use in the window so far.
  init(total: Quantity, credited: Quantity, used: Quantity, span: ForecastSpan, minute: Int64) {
    self.minute = UInt32(clamping: minute)
    born = self.minute
    lastTotal = total - credited
    windowStart = span.start
    inWindow = max(0, Float(used) - Float(credited))
  }

  /// Takes over what was stored; `nil` when the numbers are none.
  /// - Parameters:
  ///   - total: what was ever used.
  ///   - shift: from the steady clock of then to the one of now. If there is any, bins would lie elsewhere on it: what
  ///     was used lately is forgotten, and what was learned stays.
  init?(_ saved: SavedForecast, total: Quantity, serial: UInt32, shift: Interval) {
    let numbers = saved.numbers
    var next = 2
    func take(_ count: Int) -> [Float] {
      defer { next += count }
      return Array(numbers[next..<(next + count)])
    }
    guard numbers.count == SavedForecast.numbersLength, saved.counts.count == SavedForecast.countsLength,
      numbers[0].isFinite, numbers[1].isFinite, saved.born >= 0, saved.minute >= saved.born,
      let history = UseHistory(stored: take(UseHistory.storedCount)),
      let shape = DayShape(stored: take(DayShape.storedCount)), let level = UseLevel(stored: take(2)),
      let fast = UseRate(stored: take(2)), let slow = UseRate(stored: take(2)),
      let record = ExpertRecord(stored: take(ExpertRecord.storedCount)), (1...8).contains(saved.counts[9])
    else { return nil }
    let minutes = shift.nanoseconds / 60_000_000_000
    self.serial = serial
    born = UInt32(clamping: max(0, saved.born.saturatingAdd(minutes)))
    minute = max(born, UInt32(clamping: saved.minute.saturatingAdd(minutes)))
    lastTotal = total - saved.unfed
    windowStart = saved.windowStart
    (inWindow, meanWindow) = (numbers[0], numbers[1])
    self.history = shift == .zero ? history : UseHistory()
    (self.shape, self.level, self.fast, self.slow, self.record) = (shape, level, fast, slow, record)
    for day in 0..<7 { active[day] = min(144, saved.counts[day]) }
    activeToday = min(144, saved.counts[7])
    activeDays = min(7, saved.counts[8])
    nextCheckpoint = saved.counts[9]
    isBroken = saved.counts[10] & 1 != 0
    isLikely = saved.counts[10] & 2 != 0
    isProjected = saved.counts[10] & 4 != 0
  }

  // MARK: Feeding

  /// Takes in what was used since the last call, and the time that passed. O(1) a minute.
  mutating func observe(
    _ total: Quantity, used: Quantity, span: ForecastSpan, minute now: Int64, pool: inout IntervalPool
  ) {
    let scale = ForecastScale(length: span.length)
    let use = Float(total - lastTotal)
    lastTotal = total
    guard span.start != windowStart else {
      credit(use)
      inWindow += use
      advance(to: now, span: span, scale: scale)
      return passCheckpoints(span, scale: scale)
    }
    let inNew = span.isRolling ? 0 : min(max(0, use), max(0, Float(used)))
    credit(use - inNew)
    inWindow += use - inNew
    endWindow(span, scale: scale, pool: &pool)
    advance(to: now, span: span, scale: scale)
    credit(inNew)
    // Of a window that a clock which was set has moved, all its use.
    inWindow = span.isRolling ? 0 : max(0, Float(used))
    windowStart = span.start
    nextCheckpoint = 1
    isBroken = false
    passCheckpoints(span, scale: scale)
  }

  private mutating func credit(_ use: Float) {
    if use != 0 { history.add(use, minute: Int64(minute)) }
  }

  private mutating func endWindow(_ span: ForecastSpan, scale: ForecastScale, pool: inout IntervalPool) {
    isProjected = false
    isLikely = false
    guard nextCheckpoint == 8, !isBroken, span.start > windowStart else { return record.forget() }
    let total = max(0, inWindow)
    record.score(
      total: total, floor: floor(span, scale: scale), priors: scale.priors, pool: &pool,
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
    if scale == .short { addRates(history.minute(at: closing), span: span, scale: scale) }
    guard closing % 10 == 9 else { return }
    let use = history.ten(at: closing)
    if use > 0 { activeToday = min(144, activeToday + 1) }
    if scale != .short {
      addRates(use, span: span, scale: scale)
      level.add(use, expected: expectedTen(local: local, scale: scale))
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

  private mutating func addRates(_ use: Float, span: ForecastSpan, scale: ForecastScale) {
    let bins = span.minutes / Float(scale.binMinutes)
    fast.add(use, memory: UseRate.memory(halfLife: bins / 12))
    slow.add(use, memory: UseRate.memory(halfLife: bins / 4))
  }

  private mutating func passCheckpoints(_ span: ForecastSpan, scale: ForecastScale) {
    let eighths = span.elapsed * 8
    while nextCheckpoint < 8, eighths >= Float(nextCheckpoint) {
      // Far past it, the forecast of now is not the one of then.
      if eighths < Float(nextCheckpoint) + 0.5, hasHistory(span, scale: scale) {
        let rests = self.rests(span, scale: scale, used: inWindow)
        record.note(rests[Self.points - 1], used: inWindow, at: Int(nextCheckpoint) - 1)
      }
      nextCheckpoint += 1
    }
  }

  // MARK: Whether there is anything to say

  private func hasHistory(_ span: ForecastSpan, scale: ForecastScale) -> Bool {
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

  private func expectedTen(local: Int64, scale: ForecastScale) -> Float {
    let hour = local.flooredQuotient(60)
    let factor = scale == .long ? shape.weekday(Self.weekday(hour.flooredQuotient(24))) : 1
    return shape.hour(Int(hour.flooredRemainder(24))) / 6 * factor
  }

  /// e: errors below this use do not matter.
  func floor(_ span: ForecastSpan, scale: ForecastScale) -> Float {
    let typical = scale == .short ? meanWindow : shape.day * span.minutes / 1440
    return max(Self.leastFloor, Self.floorShare * typical)
  }
}

extension AccountForecast {
  // MARK: What the experts say

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
