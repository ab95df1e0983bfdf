import Testing

@testable import BudgetCore

@Suite("The state of forecasts")
struct ForecastStateTests {
  @Test("it takes at most 512 bytes an account")
  func size() {
    #expect(MemoryLayout<AccountForecast>.stride <= 512)
  }

  @Test("numbers in 16 bits are off by at most 0.4 %, and keep zero, sign and infinity's edge")
  func compactFloats() {
    for value in [Float(0), 1, -1, 3.14159, 1e-20, 1e38, 12_345_678, .greatestFiniteMagnitude] {
      let back = CompactFloat(value).value
      #expect(abs(back - value) <= abs(value) * 0.004 && back.isFinite)
    }
    #expect(CompactFloat(.nan).value.isNaN)
  }

  @Test("time in which nobody looked is not taken for silence")
  func gap() {
    var course = Course()
    course.live(8 * 1440 + 480, workday)
    let before = course.forecast()?.expected ?? 0
    course.skip(3 * 1440)
    course.live(20, workday)
    course.live(460, workday)
    let after = course.forecast()?.expected ?? 0
    #expect(abs(before / workdayTotal - 1) < 0.1)
    #expect(abs(after / workdayTotal - 1) < 0.2)
  }

  @Test("a wall clock that is set back and forth neither traps nor scores a window twice")
  func clockSteps() {
    var course = Course()
    course.live(8 * 1440 + 600, workday)
    let before = course.forecast()?.expected ?? 0
    let now = course.now
    let shifts: [Int64] = [-40, 90, -400, 24 * 60 * 400, 0]
    for shift in shifts {
      let stepped = Moment(wall: now.wall + .minutes(shift), steady: now.steady)
      course.ledger.followClock(stepped)
      course.ledger.maintain(now: stepped)
      _ = course.ledger.accountStatuses(now: stepped)
    }
    course.live(3 * 1440, workday)
    let after = course.forecast()?.expected ?? 0
    #expect(before > 0 && abs(after / workdayTotal - 1) < 0.2)
  }

  @Test("an idle account is remembered over days, and a second one at its place starts anew")
  func idle() {
    var ledger = makeLedger([.test(limit: 1000, per: ["agent"], window: .calendar(CalendarRule(period: .day)))])
    ledger.line(.tokens, 10, "agent:a", at: after(0))
    for hour in 0..<48 { ledger.maintain(now: after(Int64(hour) * 3600)) }
    let remembered = ledger.accountCount
    for hour in 48..<240 { ledger.maintain(now: after(Int64(hour) * 3600)) }
    let forgotten = ledger.accountCount
    #expect(remembered == 1)
    // Its sum stays, in the account of all others.
    #expect(forgotten == 1)
    let forecasts = ledger.forecasts.count
    #expect(forecasts <= 1)
  }

  @Test("right after a window turns the forecast is of the new one: near the day's total, with nothing used")
  func turn() {
    var course = Course()
    course.live(9 * 1440, workday)
    let status = course.status()
    let forecast = status?.outlook?.forecast
    let used = Double(status?.used ?? -1)
    #expect(used == 0)
    #expect(abs((forecast?.expected ?? 0) / workdayTotal - 1) < 0.1)
  }

  @Test("a top-up makes exhaustion less likely at once and moves no forecast")
  func topUp() {
    var course = Course(limit: 30_000)
    course.live(8 * 1440 + 600, workday)
    let before = course.forecast()
    _ = course.ledger.topUp(budget: "b", unit: nil, tags: [], amount: 60_000, until: nil, now: course.now)
    let after = course.forecast()
    #expect((before?.exhaustionProbability ?? 0) > 0.7 && (after?.exhaustionProbability ?? 1) < 0.3)
    #expect(before?.expected == after?.expected && before?.exhaustedAt != nil && after?.exhaustedAt == nil)
  }

  @Test("a limit that is taken away ends the forecast; one that comes back goes on from new use")
  func limitRemoved() {
    var course = Course()
    course.live(9 * 1440 + 600, workday)
    _ = course.ledger.override(budget: "b", unit: nil, tags: [], limit: nil, until: nil, now: course.now)
    let without = course.forecast()
    course.live(1440, workday)
    _ = course.ledger.removeOverride(budget: "b", unit: nil, tags: [], now: course.now)
    course.live(2 * 1440, workday)
    let again = course.forecast()?.expected ?? 0
    #expect(without == nil)
    #expect(abs(again / workdayTotal - 1) < 0.2)
  }
}
