/// Which calendar period an instant falls in.
///
/// Periods tile time: the end of one is the start of the next, and each start lies before its end.
extension CalendarRule {
  /// The period that contains an instant: `start <= instant < end`.
  ///
  /// Days, weeks, months, quarters and years start at `startOfDay` on the local clock. Where the clock skips that
  /// time, they start at the first instant after the gap; where it shows it twice, at the first. So a day has 23,
  /// 24 or 25 hours, and a day that a zone left out altogether (Apia, 2011-12-30) has no period.
  ///
  /// Hours are real hours that start when the local clock shows a full hour; `startOfDay` does not move them.
  /// Where clocks are shifted by a part of an hour, the start that would come less than an hour after a full hour
  /// is left out, so that one period is longer (90 minutes for a shift of 30): no window is shorter than configured.
  ///
  /// Only the last representable instant has `instant == end`. O(log transitions).
  package func period(containing instant: Instant) -> (start: Instant, end: Instant) {
    let seconds = instant.seconds
    let (start, end) = period == .hour ? hour(containing: seconds) : localPeriod(containing: seconds)
    return (Instant(seconds: start), Instant(seconds: end))
  }

  private func localPeriod(containing seconds: Int64) -> (start: Int64, end: Int64) {
    let local = seconds + Int64(zone.offset(at: seconds)) - Int64(startOfDay)
    var first = firstDay(ofPeriodContaining: local.flooredQuotient(86_400))
    var start = zone.firstInstant(showing: wallStart(first))
    while true {
      let next = dayAfterPeriod(startingOn: first)
      let end = zone.firstInstant(showing: wallStart(next))
      // The clock may have been set back across the edge: then the next period has begun already.
      if end > seconds { return (start, end) }
      first = next
      start = end
    }
  }

  private func wallStart(_ day: Int64) -> Int64 { day * 86_400 + Int64(startOfDay) }

  /// Days since the epoch, of the first day of the period around a day.
  private func firstDay(ofPeriodContaining day: Int64) -> Int64 {
    var date = CivilDate(daysSinceEpoch: day)
    date.day = 1
    switch period {
    case .hour, .day: return day
    case .week: return day - (CivilDate.weekday(daysSinceEpoch: day) - Int64(firstWeekday)).flooredRemainder(7)
    case .month: break
    case .quarter: date.month = (date.month - 1) / 3 * 3 + 1
    case .year: date.month = 1
    }
    return date.daysSinceEpoch
  }

  private func dayAfterPeriod(startingOn day: Int64) -> Int64 {
    var date = CivilDate(daysSinceEpoch: day)
    switch period {
    case .hour, .day: return day + 1
    case .week: return day + 7
    case .month: date.month += 1
    case .quarter: date.month += 3
    case .year: date.year += 1
    }
    if date.month > 12 {
      date.month -= 12
      date.year += 1
    }
    return date.daysSinceEpoch
  }
}

/// Hours: full hours of the local clock, less those that follow another one too closely.
extension CalendarRule {
  private static let hourLength: Int64 = 3600

  private func hour(containing seconds: Int64) -> (start: Int64, end: Int64) {
    var start = fullHour(notAfter: seconds)
    while true {
      let before = fullHour(notAfter: start - 1)
      if start - before >= Self.hourLength { break }
      start = before
    }
    var previous = fullHour(notAfter: seconds)
    while true {
      let end = fullHour(after: previous)
      if end - previous >= Self.hourLength { return (start, end) }
      previous = end
    }
  }

  /// The latest instant, not after the given one, at which the local clock shows a full hour.
  private func fullHour(notAfter seconds: Int64) -> Int64 {
    var latest = seconds
    while true {
      let stretch = zone.stretch(at: latest)
      let full = latest - (latest + Int64(stretch.offset)).flooredRemainder(Self.hourLength)
      if full >= stretch.start { return full }
      latest = stretch.start - 1
    }
  }

  /// The earliest instant after the given one at which the local clock shows a full hour.
  private func fullHour(after seconds: Int64) -> Int64 {
    var earliest = seconds + 1
    while true {
      let stretch = zone.stretch(at: earliest)
      let past = (earliest + Int64(stretch.offset)).flooredRemainder(Self.hourLength)
      let full = past == 0 ? earliest : earliest + Self.hourLength - past
      if full < stretch.end { return full }
      earliest = stretch.end
    }
  }
}
