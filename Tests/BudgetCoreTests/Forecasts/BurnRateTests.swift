import Testing

@testable import BudgetCore

@Suite("C5: burn rates")
struct BurnRateTests {
  @Test("C5: even use that lands on the limit burns at 1 over every lookback")
  func even() {
    var course = Course(limit: 144 * 100)
    course.live(2 * 1440) { _ in 100 }
    for lookback in BurnLookback.allCases.dropFirst(2) {
      let rate = course.burnRate(lookback) ?? 0
      #expect(abs(rate - 1) < 0.02, "\(lookback.name)")
    }
  }

  @Test("C5: a burst shows in the short lookbacks at once and leaves them when it is over")
  func burst() {
    var course = Course(limit: 1440)
    course.live(1440) { _ in 10 }
    course.use(60)
    let atOnce = course.burnRate(.minute) ?? 0
    #expect(abs(atOnce - 60) < 2)
    course.live(120) { _ in 10 }
    let (short, long) = (course.burnRate(.hour) ?? 0, course.burnRate(.twoHours) ?? 0)
    #expect(abs(short - 1) < 0.02)
    #expect(abs(long - 1.5) < 0.06)
  }

  @Test("lookbacks longer than the window are not shown")
  func longerThanWindow() {
    var course = Course(limit: 1000, window: .fixed(.hours(1)))
    course.live(600) { _ in 10 }
    let shown = BurnLookback.allCases.filter { course.burnRate($0) != nil }
    #expect(shown == [.minute, .fiveMinutes, .halfHour, .hour])
  }

  @Test("burn rates go on over the end of a window and follow the limit")
  func turnAndLimit() {
    var course = Course(limit: 14_400)
    course.live(1440 + 60) { _ in 100 }
    let before = course.burnRate(.sixHours) ?? 0
    _ = course.chance(limit: 28_800)
    let after = course.burnRate(.sixHours) ?? 0
    #expect(abs(before - 1) < 0.02)
    #expect(abs(after - 0.5) < 0.02)
  }

  @Test("lifetimes, accounts without a limit and windows of minutes have none")
  func without() {
    var ledger = makeLedger([
      .test("life", limit: 100), .test("free", limit: nil, window: .fixed(.hours(1))),
      .test("short", limit: 100, window: .fixed(.minutes(5))),
    ])
    ledger.line(.tokens, 10, "agent:a", at: after(0))
    ledger.maintain(now: after(60))
    let outlooks = ledger.accountStatuses(now: after(61)).compactMap(\.outlook)
    #expect(outlooks.isEmpty)
  }
}
