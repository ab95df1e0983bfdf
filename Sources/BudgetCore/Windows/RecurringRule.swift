/// A POSIX `TZ` rule: standard time, and the part of every year that keeps daylight time.
///
/// It is the footer of a TZif file and governs every instant after the file's last transition.
struct RecurringRule: Hashable, Sendable {
  /// A day of the year as POSIX names it.
  enum Day: Hashable, Sendable {
    /// `Jn`: day 1 to 365, February 29 is never counted.
    case withoutLeapDay(Int64)
    /// `n`: day 0 to 365, February 29 is counted.
    case zeroBased(Int64)
    /// `Mm.w.d`: weekday d (0 = Sunday) of week w (5 = the last one) of month m.
    case weekday(month: Int64, week: Int64, day: Int64)
  }

  /// When clocks change: a day, and seconds after its local midnight (-167 to 167 hours).
  struct Change: Hashable, Sendable {
    var day: Day
    var seconds: Int64
  }

  struct Daylight: Hashable, Sendable {
    var offset: Int32
    /// On the clock that shows standard time.
    var start: Change
    /// On the clock that shows daylight time.
    var end: Change
  }

  var standardOffset: Int32
  /// `nil`: standard time all year.
  var daylight: Daylight?

  /// The stretch around an instant within ±2^40 seconds. O(1).
  func stretch(at seconds: Int64) -> TimeZoneRules.Stretch {
    guard let daylight else { return TimeZoneRules.Stretch(start: .min, end: .max, offset: standardOffset) }
    let year = CivilDate(daysSinceEpoch: seconds.flooredQuotient(86_400)).year
    var current = TimeZoneRules.Stretch(start: .min, end: .max, offset: standardOffset)
    // A change may lie up to a week and a day outside its year, so two years before and two after are looked at.
    for year in (year - 2)...(year + 2) {
      let start = instant(of: daylight.start, in: year, offset: standardOffset)
      let end = instant(of: daylight.end, in: year, offset: daylight.offset)
      // A year that ends as the next one starts keeps daylight time: at one instant, the start comes last.
      let ordered =
        start < end
        ? [(start, daylight.offset), (end, standardOffset)] : [(end, standardOffset), (start, daylight.offset)]
      for (change, offset) in ordered {
        if change <= seconds {
          if change >= current.start {
            current.start = change
            current.offset = offset
          }
        } else {
          current.end = min(current.end, change)
        }
      }
    }
    return current
  }

  private func instant(of change: Change, in year: Int64, offset: Int32) -> Int64 {
    dayNumber(of: change.day, in: year) * 86_400 + change.seconds - Int64(offset)
  }

  /// Days since the epoch.
  private func dayNumber(of day: Day, in year: Int64) -> Int64 {
    let newYear = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
    switch day {
    case .withoutLeapDay(let number):
      return newYear + number - 1 + (number >= 60 && CivilDate.isLeap(year: year) ? 1 : 0)
    case .zeroBased(let number):
      return newYear + number
    case .weekday(let month, let week, let weekday):
      let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
      let following =
        month == 12
        ? CivilDate(year: year + 1, month: 1, day: 1).daysSinceEpoch
        : CivilDate(year: year, month: month + 1, day: 1).daysSinceEpoch
      let firstWeekday = CivilDate.weekday(daysSinceEpoch: first) % 7
      var day = first + (weekday - firstWeekday).flooredRemainder(7) + (week - 1) * 7
      while day >= following { day -= 7 }
      return day
    }
  }
}
