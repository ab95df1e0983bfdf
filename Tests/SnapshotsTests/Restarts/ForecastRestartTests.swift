import BudgetCore
import Snapshots
import Testing

@Suite("A restart, for forecasts")
struct ForecastRestartTests {
  private static func settings(window: WindowRule = .calendar(CalendarRule(period: .day))) -> LedgerSettings {
    var settings = LedgerSettings()
    settings.budgets = [Budget(name: "b", per: ["agent"], unit: .tokens, limit: 400_000, window: window, mode: .shadow)]
    return settings
  }

  /// Nine and a half days of use in working hours.
  private static func lived(_ settings: LedgerSettings, steps: Int64 = 9 * 144 + 72) -> LedgerBox {
    let box = LedgerBox(settings: settings, seed: 1)
    for step in 0..<steps {
      let now = Moment.after(.minutes(step * 10))
      box.maintain(now: now)
      if step / 6 % 24 < 9 { box.use(1000 + step % 7, now: now) }
    }
    return box
  }

  private static let end = Interval.minutes(10 * (9 * 144 + 72))

  @Test("the forecast and the burn rates are the same before and after")
  func same() throws {
    let box = Self.lived(Self.settings())
    let now = Moment.after(Self.end)
    let before = try #require(box.status("b", now: now)?.outlook)
    let restored = try box.restarted(from: now, at: now)
    let after = try #require(restored.status("b", now: now)?.outlook)
    #expect(before == after)
    #expect(before.forecast != nil)
  }

  @Test(
    "a clock that was set in between changes the forecast and the burn rates little",
    arguments: [-3, 3, 40, -90] as [Int64])
  func clockSet(minutes: Int64) throws {
    // In the middle of working hours.
    let steps: Int64 = 9 * 144 + 48
    let box = Self.lived(Self.settings(), steps: steps)
    let now = Moment.after(.minutes(10 * steps))
    let before = try #require(box.status("b", now: now)?.outlook)
    // The new process reads the steady clock by the wall clock, which was set.
    let later = Moment(wall: now.wall, steady: now.steady + .minutes(minutes))
    let restored = try box.restarted(from: now, at: later)
    let after = try #require(restored.status("b", now: later)?.outlook)
    let forecasts = try (#require(before.forecast), #require(after.forecast))
    #expect(abs(forecasts.1.expected / forecasts.0.expected - 1) < 0.05)
    for lookback in [BurnLookback.twoHours, .sixHours, .day] {
      let (was, now) = try (#require(before.burnRates[lookback]), #require(after.burnRates[lookback]))
      #expect(was > 0 && abs(now / was - 1) < 0.15, "\(lookback.name): \(was) became \(now)")
    }
  }

  @Test("a window of another kind forgets what was learned, and nothing is forecast of it yet")
  func otherWindow() throws {
    let box = Self.lived(Self.settings())
    let now = Moment.after(Self.end)
    let restored = try box.restarted(Self.settings(window: .rolling(.hours(24))), from: now, at: now)
    restored.maintain(now: now)
    let later = Moment.after(Self.end + .minutes(1))
    restored.use(1000, now: later)
    restored.maintain(now: later)
    let outlook = restored.status("b", now: later)?.outlook
    #expect(outlook != nil && outlook?.forecast == nil)
  }

  @Test("after an hour without anybody the forecast is about the same")
  func pause() throws {
    let box = Self.lived(Self.settings())
    let before = try #require(box.status("b", now: .after(Self.end))?.outlook?.forecast)
    let later = Moment.after(Self.end + .hours(1))
    let restored = try box.restarted(from: .after(Self.end), at: later)
    let after = try #require(restored.status("b", now: later)?.outlook?.forecast)
    #expect(abs(after.expected / before.expected - 1) < 0.2)
  }
}

extension Interval {
  fileprivate static func + (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: left.nanoseconds + right.nanoseconds)
  }
}
