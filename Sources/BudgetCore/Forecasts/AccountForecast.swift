/// What one account's future is forecast from: at most 512 bytes, whatever it lived through.
///
/// It is fed with the account's ever-growing total once a minute and when it is read; nothing on the way of usage knows
/// of it. Use is credited to the bins that were open at the last feeding.
struct AccountForecast: Sendable {
  /// Whose it is, of those that stood at the account's place.
  var serial: UInt32 = 0
  /// Minutes of the steady clock: the first one, and the one whose bins are open.
  var born: UInt32
  var minute: UInt32
  var lastTotal: Quantity
  var windowStart: Int64
  /// Use in the window that runs, as far as it was fed.
  var inWindow: Float
  /// The weighted mean of the totals of windows that ended.
  var meanWindow: Float = 0
  var history = UseHistory()
  var shape = DayShape()
  /// The level of use; in short windows nothing.
  var level = DecayedUse()
  /// The recent rate.
  var fast = DecayedUse()
  /// The level of use in the last hour or so; in short windows a rate that follows slower.
  var second = DecayedUse()
  var record = ExpertRecord()
  /// Of the last seven days, the bins of ten minutes with use.
  var active = InlineArray<7, UInt8>(repeating: 0)
  var activeToday: UInt8 = 0
  var activeDays: UInt8 = 0
  /// The next checkpoint of the window, in eighths: 8 when all have passed.
  var nextCheckpoint: UInt8 = 1
  /// Nobody looked for too long a part of the window that runs.
  var isBroken = false
  /// The chance of exhaustion was high at the last minute, and at the one before: acted upon.
  var isLikely = false
  var isProjected = false

  /// Nobody looked for this many minutes: what lies between is not taken for silence.
  static let longestSilence: Int64 = 10
  /// With use in fewer of the last week's bins, nothing is forecast.
  static let leastActivity: Float = 0.1
  static let floorShare: Float = 0.02
  static let leastFloor: Float = 1e-6
  static let meanWeight: Float = 0.35
  static let points = 8
  /// In minutes: nothing is said of times after the next 400 days.
  static let farthest: Float = 400 * 1440

  typealias Experts = SIMD4<Float>
  /// One for each eighth of what lies ahead.
  typealias Points = SIMD8<Float>

  /// - Parameters:
  ///   - total: what was ever used; `credited` of it counts as use of the first minute.
  ///   - used: use in the window so far.
  ///   - born: the minute since which nothing else was used.
  init(total: Quantity, credited: Quantity, used: Quantity, span: ForecastSpan, minute: Int64, born: Int64) {
    self.minute = UInt32(clamping: minute)
    self.born = UInt32(clamping: born)
    lastTotal = total - credited
    windowStart = span.start
    inWindow = max(0, used.single - credited.single)
  }

  /// Takes over what was stored; `nil` when the numbers are none.
  /// - Parameters:
  ///   - total: what was ever used.
  ///   - shift: from the steady clock of then to the one of now.
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
      let shape = DayShape(stored: take(DayShape.storedCount)), let level = DecayedUse(stored: take(2)),
      let fast = DecayedUse(stored: take(2)), let second = DecayedUse(stored: take(2)),
      let record = ExpertRecord(stored: take(ExpertRecord.storedCount)), (1...8).contains(saved.counts[9])
    else { return nil }
    let minutes = shift.nanoseconds / 60_000_000_000
    self.serial = serial
    born = UInt32(clamping: max(0, saved.born.saturatingAdd(minutes)))
    minute = max(born, UInt32(clamping: saved.minute.saturatingAdd(minutes)))
    lastTotal = total - saved.unfed
    windowStart = saved.windowStart
    (inWindow, meanWindow) = (numbers[0], numbers[1])
    self.history = history.moved(from: saved.minute, to: Int64(minute))
    (self.shape, self.level, self.fast, self.second, self.record) = (shape, level, fast, second, record)
    for day in 0..<7 { active[day] = min(144, saved.counts[day]) }
    activeToday = min(144, saved.counts[7])
    activeDays = min(7, saved.counts[8])
    nextCheckpoint = saved.counts[9]
    isBroken = saved.counts[10] & 1 != 0
    isLikely = saved.counts[10] & 2 != 0
    isProjected = saved.counts[10] & 4 != 0
  }
}
