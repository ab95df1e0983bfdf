import Testing

@testable import BudgetCore

@Suite("Forecasts")
struct ForecastTests {
  @Test("the shape of the day is learned: at any time of day the forecast is close to its total")
  func shape() {
    var course = Course()
    course.live(8 * 1440, workday)
    for _ in 0..<7 {
      course.live(180, workday)
      let forecast = course.forecast()
      #expect(abs((forecast?.expected ?? 0) / workdayTotal - 1) < 0.05)
    }
  }

  @Test("on the first day nothing is forecast; after a whole day something is")
  func firstDay() {
    var course = Course()
    course.live(1430, workday)
    let early = course.forecast()
    course.live(20, workday)
    let later = course.forecast()
    #expect(early == nil)
    #expect(later != nil)
  }

  @Test("the account's own error is told once a window was forecast and is over, and is then small on days alike")
  func ownError() {
    var course = Course()
    course.live(2 * 1440 - 20, workday)
    let early = course.forecast()
    course.live(3 * 1440, workday)
    let later = course.forecast()
    #expect(early != nil && early?.error == nil)
    #expect((later?.error ?? 1) < 0.2)
  }

  @Test("an account active in less than a tenth of the week's bins is not forecast")
  func sparse() {
    var course = Course()
    course.live(9 * 1440) { $0 % 1440 == 600 ? 500 : 0 }
    let forecast = course.forecast()
    let rate = course.burnRate(.day)
    #expect(forecast == nil)
    #expect(rate != nil)
  }

  @Test("an outlier day is not expected to come again, and moves the next days' forecasts by less than a half")
  func outlier() {
    var course = Course()
    course.live(8 * 1440, workday)
    course.live(1440) { 20 * workday($0) }
    course.live(2 * 1440 + 720, workday)
    let forecast = course.forecast()?.expected ?? 0
    #expect(forecast > 0.8 * workdayTotal && forecast < 1.5 * workdayTotal)
  }

  @Test("a level that doubled is in the forecast within hours, and wholly within days")
  func levelShift() {
    var course = Course()
    course.live(8 * 1440, workday)
    course.live(13 * 60) { 2 * workday($0) }
    let sameDay = course.forecast()?.expected ?? 0
    course.live(11 * 60 + 4 * 1440 + 720) { 2 * workday($0) }
    let later = course.forecast()?.expected ?? 0
    #expect(sameDay > 1.6 * workdayTotal && sameDay < 2.2 * workdayTotal)
    #expect(abs(later / (2 * workdayTotal) - 1) < 0.15)
  }

  @Test("after a silent weekend Monday is forecast, and what was learned of the day is not lost")
  func silentWeekend() {
    var course = Course()
    course.live(14 * 1440) { $0 / 1440 % 7 < 5 ? workday($0) : 0 }
    course.live(12 * 60) { workday($0) }
    let forecast = course.forecast()?.expected ?? 0
    #expect(forecast > 0.7 * workdayTotal && forecast < 1.3 * workdayTotal)
  }

  @Test("a week with a quiet weekend is forecast from its Wednesday within a tenth")
  func week() {
    var course = Course(limit: 10_000_000, window: .calendar(CalendarRule(period: .week)))
    let use: (Int64) -> Int64 = { $0 / 1440 % 7 < 5 ? workday($0) : 100 }
    course.live(35 * 1440 + 2 * 1440 + 720, use)
    let total = 5 * workdayTotal + 2 * 144 * 100
    let forecast = course.forecast()?.expected ?? 0
    #expect(abs(forecast / total - 1) < 0.1)
  }

  @Test("a calendar month of days alike is forecast from its middle within a tenth")
  func month() {
    var course = Course(limit: 10_000_000, window: .calendar(CalendarRule(period: .month)))
    course.live(31 * 1440 + 14 * 1440 + 720, workday)
    let forecast = course.forecast()?.expected ?? 0
    // February 2024.
    #expect(abs(forecast / (29 * workdayTotal) - 1) < 0.1)
  }

  @Test("an hour of even use is forecast from its first minutes")
  func hour() {
    var course = Course(limit: 10_000, window: .fixed(.hours(1)))
    course.live(1440) { _ in 100 }
    course.live(10) { _ in 100 }
    let forecast = course.forecast()?.expected ?? 0
    #expect(abs(forecast / 600 - 1) < 0.2)
  }

  @Test("a rolling window's forecast is what a day of the same kind uses, and not below what is used now")
  func rolling() {
    var course = Course(window: .rolling(.hours(24)))
    course.live(9 * 1440 + 600, workday)
    let status = course.status()
    let forecast = status?.outlook?.forecast?.expected ?? 0
    #expect(abs(forecast / workdayTotal - 1) < 0.15)
    #expect(forecast >= Double(status?.used ?? .max))
  }

  @Test("bounds are in order with the forecast inside, and wider for 95 % than for 80 %", arguments: 1...20)
  func bounds(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var course = Course()
    course.live(9 * 1440 + Int64(random.next() % 144) * 10) { _ in
      Int64(random.next() % 3 == 0 ? random.next() % 5000 : 0)
    }
    guard let forecast = course.forecast() else {
      Issue.record("no forecast, seed \(seed)")
      return
    }
    let bounds = [
      forecast.lower95, forecast.lower80, forecast.expected, forecast.upper80, forecast.upper95,
    ]
    #expect(bounds == bounds.sorted(), "seed \(seed)")
    let used = Double(course.status()?.used ?? 0)
    #expect(forecast.lower95 >= used, "seed \(seed)")
    #expect((0...1).contains(forecast.exhaustionProbability ?? -1), "seed \(seed)")
  }

  @Test("a higher limit is never more likely reached, and one that was reached is certain", arguments: 1...10)
  func monotoneInLimit(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var course = Course()
    course.live(9 * 1440 + 600) { workday($0) + Int64(random.next() % 1000) }
    var before = 1.0
    for limit in stride(from: Quantity(1), to: 400_000, by: 4_001) {
      let chance = course.chance(limit: limit)
      #expect(chance <= before + 1e-6, "seed \(seed), limit \(limit)")
      before = chance
    }
    #expect(before < 0.1, "seed \(seed)")
    let reached = course.chance(limit: 1)
    #expect(reached == 1)
  }

  @Test(
    "more use never lowers the forecast",
    arguments: [
      WindowRule.calendar(CalendarRule(period: .day)), .fixed(.hours(1)), .rolling(.hours(24)),
      .calendar(CalendarRule(period: .week)),
    ], 1...6 as ClosedRange<UInt64>)
  func monotoneInUse(window: WindowRule, seed: UInt64) {
    var expected: [Double] = []
    for extra in [Int64(0), 10, 1000, 100_000] {
      var random = SeededRandom(seed: seed)
      var course = Course(limit: 1_000_000, window: window)
      course.live(9 * 1440 + Int64(seed) * 130) { workday($0) + Int64(random.next() % 500) }
      course.use(extra)
      expected.append(course.forecast()?.expected ?? -1)
    }
    #expect(expected == expected.sorted() && expected[0] >= 0, "seed \(seed)")
  }

  @Test("a thousand times the use is a thousand times the forecast", arguments: 1...5 as ClosedRange<UInt64>)
  func scaling(seed: UInt64) {
    var forecasts: [BudgetForecast] = []
    for factor in [Int64(1), 1000] {
      var random = SeededRandom(seed: seed)
      var course = Course(limit: 60_000 * Quantity(factor))
      course.live(9 * 1440 + 700) { factor * (workday($0) + Int64(random.next() % 500)) }
      if let forecast = course.forecast() { forecasts.append(forecast) }
    }
    #expect(forecasts.count == 2)
    guard forecasts.count == 2 else { return }
    let (one, many) = (forecasts[0], forecasts[1])
    for path in [\BudgetForecast.expected, \.lower80, \.upper95] {
      #expect(abs(many[keyPath: path] / one[keyPath: path] / 1000 - 1) < 0.02, "seed \(seed)")
    }
    #expect(abs((many.exhaustionProbability ?? 0) - (one.exhaustionProbability ?? 0)) < 0.02, "seed \(seed)")
  }

  @Test("the time of exhaustion lies where the shape of the day reaches the limit")
  func exhaustion() {
    var course = Course(limit: 30_000)
    course.live(8 * 1440 + 600, workday)
    let at = course.forecast()?.exhaustedAt
    // 54 bins of 20, then 960 every ten minutes from 9 o'clock on: 30,000 at about 14:05.
    let expected = Course.origin + .days(8) + .minutes(14 * 60 + 5)
    #expect(abs(((at ?? .distantPast) - expected).inSeconds) < 3600)
    let likely = course.chance(limit: 30_000)
    let unlikely = course.chance(limit: 90_000)
    #expect(likely > 0.9 && unlikely < 0.1)
    let never = course.forecast()
    #expect(never?.exhaustedAt == nil)
  }

  @Test("no number makes a forecast trap", arguments: [Int64.max, 1 << 40, 1])
  func extremes(tokens: Int64) {
    for window in [WindowRule.calendar(CalendarRule(period: .day)), .fixed(.hours(1)), .rolling(.days(30))] {
      var course = Course(limit: .max / 4, window: window)
      course.live(9 * 1440 + 600) { $0 % 100 == 0 ? tokens : 0 }
      let forecast = course.forecast()
      #expect(forecast == nil || forecast?.expected.isNaN == false)
    }
  }
}
