import Testing

@testable import BudgetCore

@Suite("Forecasts and clocks")
struct ForecastClockTests {
  /// At 11 o'clock of a working day, with a wall clock that was just set by some minutes.
  private func stepped(_ minutes: Int64) -> (status: AccountStatus?, wall: Instant) {
    var course = Course()
    course.live(8 * 1440 + 11 * 60, workday)
    let now = Moment(wall: course.now.wall + .minutes(minutes), steady: course.now.steady)
    course.ledger.followClock(now)
    course.ledger.maintain(now: now)
    return (course.ledger.accountStatuses(now: now).first, now.wall)
  }

  @Test(
    "right after the wall clock was set, what is left of the window by the new clock is forecast",
    arguments: [
      // The hours from 9 to 17 that are left, the quiet ones, and the hours to the window's end.
      Step(minutes: 120, working: 4, quiet: 7, left: 11), Step(minutes: -60, working: 7, quiet: 7, left: 14),
      Step(minutes: 240, working: 2, quiet: 7, left: 9),
      // The next day from its beginning; the day before, with the window's own day still to come.
      Step(minutes: 13 * 60, working: 8, quiet: 16, left: 24),
      Step(minutes: -24 * 60, working: 14, quiet: 23, left: 37),
    ])
  func set(step: Step) throws {
    let (found, wall) = stepped(step.minutes)
    let status = try #require(found)
    let forecast = try #require(status.outlook?.forecast)
    let end = try #require(status.resetsAt)
    let expected = Double(status.used) + step.working * 6 * 960 + step.quiet * 6 * 20
    #expect((end - wall).inSeconds == step.left * 3600)
    #expect(abs(forecast.expected / expected - 1) < 0.2, "\(forecast.expected) for \(expected)")
    #expect(forecast.lower95 >= Double(status.used))
  }

  struct Step {
    var minutes: Int64
    var working: Double
    var quiet: Double
    var left: Double
  }

  @Test(
    "on the days on which the clocks change the local day is forecast, of 23 and of 25 hours",
    arguments: [90, 300] as [Int64])
  func daylightSaving(lastDay: Int64) throws {
    // 2024-03-31 is day 90 of the year, 2024-10-27 is day 300: days of 23 and of 25 hours.
    let zone = try zoneRules("Europe/Berlin")
    let rule = CalendarRule(period: .day, zoneName: "Europe/Berlin", zone: zone)
    var course = Course(window: .calendar(rule))
    func local(_ minute: Int64) -> Int64 {
      let wall = Course.origin + .minutes(minute)
      return minute + Int64(zone.offset(at: wall.seconds)) / 60
    }
    course.skip((lastDay - 10) * 1440)
    // Up to 8 o'clock of the day itself.
    course.live(9 * 1440 + 23 * 60) { workday(local($0)) }
    while local(course.minute) % 1440 != 8 * 60 { course.live(10) { workday(local($0)) } }
    let status = course.status()
    let start = try #require(status?.windowStart)
    let end = try #require(status?.resetsAt)
    let forecast = try #require(status?.outlook?.forecast)
    #expect((end - start).inSeconds / 3600 == (lastDay == 90 ? 23 : 25))
    #expect(abs(forecast.expected / workdayTotal - 1) < 0.1)
  }

  @Test(
    "on a clock that was set, use of late keeps its age: minutes wholly, tens and hours within a bin's unevenness",
    arguments: [0, 7, -7, 60, 83, -1000] as [Int64])
  func movedHistory(shift: Int64) {
    var history = UseHistory()
    let old: Int64 = 28_000_031
    for minute in (old - 1600)...old {
      history.open(minute: minute)
      history.add(minute > old - 3 ? 500 : 10, minute: minute)
    }
    let moved = history.moved(from: old, to: old + shift)
    let (before, after) = (history.used(minute: old, fraction: 0.5), moved.used(minute: old + shift, fraction: 0.5))
    for lookback in BurnLookback.allCases {
      let allowed: Float = lookback.minutes <= 5 ? 0.001 : 0.15
      let ratio = after[lookback.rawValue] / before[lookback.rawValue]
      #expect(abs(ratio - 1) <= allowed, "\(lookback.name): \(ratio)")
    }
  }
}
