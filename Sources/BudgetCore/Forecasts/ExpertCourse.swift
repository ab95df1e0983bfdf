import Glibc

/// What each expert expects to be used from now on, as a function of how far one looks ahead.
///
/// Where the day has a shape, use at an age of `a` days is expected to be the shape's times 1 + (level - 1) x 2^-a. With
/// running sums of the shape, and of the shape times 2^-(time of day), any stretch of it is a difference of two values.
struct ExpertCourse {
  typealias Experts = AccountForecast.Experts

  /// What is expected between some time and another.
  private struct Sums {
    var usual: Float = 0
    var fading: Float = 0
    /// As in the last 24 hours, or of long windows as on the same days of last week.
    var last: Float = 0
  }

  private enum Kind { case rates, days, weekdays }

  private let kind: Kind
  /// Per minute: all there is in short windows; else that of the recent rate.
  private let rates: Experts
  private var shape = DayCurve()
  private var fading = DayCurve()
  private var lately = DayCurve()
  /// Monday first.
  private var weekdays = InlineArray<7, Float>(repeating: 1)
  private var lastDays = InlineArray<7, Float>(repeating: 0)
  private var today = 0
  private var quickLevel: Float = 1
  /// (level - 1), for the fading sums.
  private var boost: Float = 0
  /// Minutes since the last midnight, and since the last full hour.
  private var sinceMidnight: Float = 0
  private var sinceHour: Float = 0
  private var now = Sums()

  init(rates: Experts) { (kind, self.rates) = (.rates, rates) }

  /// By the shape of the day, which is still to be taken in. O(24).
  /// - Parameters:
  ///   - rate: recent use per minute.
  ///   - local: minutes since 1970 on the local clock.
  ///   - fraction: of the minute that runs.
  init(
    _ learned: borrowing DayShape, history: borrowing UseHistory, scale: ForecastScale, rate: Float, minute: Int64,
    local: Int64, fraction: Float
  ) {
    kind = scale == .long ? .weekdays : .days
    rates = Experts(0, rate, 0, 0)
    DayCurve.ofShape(learned, &shape, fading: &fading)
    let day = local.flooredQuotient(1440)
    sinceMidnight = Float(local - day * 1440) + fraction
    sinceHour = Float(minute % 60) + fraction
    if scale == .long {
      today = AccountForecast.weekday(day)
      for weekday in 0..<7 {
        weekdays[weekday] = learned.weekday(weekday)
        lastDays[weekday] = learned.dayTotals[weekday].value
      }
    } else {
      lately.take(history, before: minute / 60)
    }
    now = sums(in: 0)
  }

  /// What the shape expects of a day.
  var day: Float { shape.day }

  /// How many times what the shape expects is used: lately, and in the last hour or so.
  mutating func set(level: Float, quickLevel: Float) {
    boost = (level - 1) * exp2f(sinceMidnight / 1440)
    self.quickLevel = quickLevel
  }

  /// - Parameter minutes: how far ahead. O(1), of long windows O(days).
  func rest(in minutes: Float) -> Experts {
    var rest = rates * minutes
    if kind == .rates { return rest }
    let then = sums(in: minutes)
    let usual = then.usual - now.usual
    rest[0] = max(0, usual + boost * (then.fading - now.fading))
    rest[2] = quickLevel * usual
    rest[3] = then.last - now.last
    return rest
  }

  /// From the last midnight on; the last day's from its own beginning on.
  private func sums(in minutes: Float) -> Sums {
    kind == .weekdays ? sumsByWeekdays(sinceMidnight + minutes) : sumsByDays(in: minutes)
  }

  private func sumsByDays(in minutes: Float) -> Sums {
    var sums = Sums()
    var (rest, weight) = (sinceMidnight + minutes, Float(1))
    while rest >= 1440 {
      sums.usual += shape.day
      sums.fading += weight * fading.day
      weight /= 2
      rest -= 1440
    }
    let place = DayCurve.Place(minute: rest)
    sums.usual += shape.upTo(place)
    sums.fading += weight * fading.upTo(place)
    rest = sinceHour + minutes
    while rest >= 1440 {
      sums.last += lately.day
      rest -= 1440
    }
    sums.last += lately.upTo(DayCurve.Place(minute: rest))
    return sums
  }

  private func sumsByWeekdays(_ end: Float) -> Sums {
    var sums = Sums()
    var (rest, weight, weekday) = (end, Float(1), today)
    while rest >= 1440 {
      sums.usual += weekdays[weekday] * shape.day
      sums.fading += weight * weekdays[weekday] * fading.day
      sums.last += lastDays[weekday]
      weight /= 2
      rest -= 1440
      weekday = weekday == 6 ? 0 : weekday + 1
    }
    let place = DayCurve.Place(minute: rest)
    let part = shape.upTo(place)
    sums.usual += weekdays[weekday] * part
    sums.fading += weight * weekdays[weekday] * fading.upTo(place)
    sums.last += lastDays[weekday] * (shape.day > 0 ? part / shape.day : rest / 1440)
    return sums
  }
}
