/// How a window's use is forecast, by the window's length.
enum ForecastScale: Int, CaseIterable, Sendable {
  /// Up to three hours: rates alone.
  case short = 0
  /// Up to two days: the shape of the day.
  case day
  /// Longer: the shape of the day and of the week.
  case long

  /// The shortest window that is forecast: shorter ones are over before anybody could act.
  static let shortestWindow = Interval.minutes(10)

  /// - Parameter length: of the window in nanoseconds.
  init(length: Int64) {
    if length <= Interval.hours(3).nanoseconds {
      self = .short
    } else {
      self = length <= Interval.hours(48).nanoseconds ? .day : .long
    }
  }

  /// What an expert's inverse loss is multiplied with: where the day has a shape, it is trusted before anything is known.
  var priors: AccountForecast.Experts {
    switch self {
    case .short: .one
    case .day, .long: SIMD4(3, 1, 1, 1)
    }
  }
}

/// The window that a forecast is for, and where in it time stands. All in nanoseconds on the axis of the window.
struct ForecastSpan {
  let start: Int64
  let end: Int64
  let now: Int64
  /// What the local clock adds to UTC, in seconds: shapes are of local days.
  let offset: Int64
  let wall: Int64
  /// Use leaves a rolling window all the time; `start` and `end` then are those of a fixed window of its length.
  let isRolling: Bool

  var length: Int64 { max(1, end.saturatingSubtract(start)) }

  /// The share of the window that has passed: 0 to 1.
  var elapsed: Float {
    min(1, max(0, Float(now.saturatingSubtract(start)) / Float(length)))
  }

  /// Minutes to the window's end.
  var minutesLeft: Float { Float(max(0, end.saturatingSubtract(now))) / 60e9 }

  var minutes: Float { Float(length) / 60e9 }

  /// Minutes since 1970 on the local clock.
  var localMinute: Int64 { (wall / 1_000_000_000).saturatingAdd(offset).flooredQuotient(60) }
}
