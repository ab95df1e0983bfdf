import BudgetCore
import Foundation
import Testing

@testable import Backtest

@Suite("Backtests")
struct BacktestTests {
  private func settings(limit: Quantity = 100_000) -> LedgerSettings {
    var settings = LedgerSettings()
    settings.budgets = [
      Budget(
        name: "b", per: ["client"], unit: .tokens, limit: limit, window: .calendar(CalendarRule(period: .day)),
        mode: .shadow)
    ]
    return settings
  }

  /// Days of 48,000 tokens from 9 to 17 o'clock, and a little at night.
  private func days(_ count: Int, _ factor: (Int) -> Int = { _ in 1 }) throws -> Trace {
    var text = "client,bin,tokens\n"
    for bin in 0..<(144 * count) {
      let hour = bin / 6 % 24
      text += "1,\(bin),\(factor(bin / 144) * ((9..<17).contains(hour) ? 960 : 20))\n"
    }
    return try Trace(csv: Array(text.utf8), columns: TraceColumns())
  }

  @Test("everything that the trace says is used, at its time")
  func sums() throws {
    var replay = Replay(try days(3), settings: settings())
    while !replay.isAtEnd { replay.advance() }
    let now = replay.now
    let total = replay.ledger.accountStatuses(now: now).first?.usedTotal ?? 0
    #expect(total == 144_000)
  }

  @Test("on days that repeat, forecasts beat extrapolation by far, and every window after a week is scored")
  func repeating() throws {
    let result = Backtest(try days(12), settings: settings(), options: Backtest.Options()) { _ in }
    #expect(result.scored == 5 && result.silent == 0)
    for checkpoint in 0..<3 {
      let own = result.errors[.tallygate]?[checkpoint].median ?? 1
      let usual = result.errors[.usedOverElapsed]?[checkpoint].median ?? 0
      #expect(own < 0.03 && own < usual)
      #expect(result.errors[.shapeTimesLevel]?[checkpoint].median ?? 1 < 0.03)
    }
  }

  @Test("a day that exceeds its limit is told before it does")
  func alerts() throws {
    let trace = try days(14) { $0 == 12 ? 3 : 1 }
    var options = Backtest.Options()
    options.limitFollowsUse = true
    let result = Backtest(trace, settings: settings(), options: options) { _ in }
    #expect(result.likely.truePositives >= 1)
    #expect(result.likely.medianLead > 0)
  }

  @Test("a course is kept for a chart, of a rolling window too, and of the budget that is named")
  func charted() throws {
    var settings = settings()
    settings.budgets.append(
      Budget(
        name: "r", per: ["client"], unit: .tokens, limit: 100_000, window: .rolling(.hours(24)), mode: .shadow))
    var options = Backtest.Options()
    options.charted = [Tag(key: "client", value: "1")]
    let both = Backtest(try days(3), settings: settings, options: options) { _ in }
    #expect(both.charted.map(\.account) == ["b, tokens client=1", "r, tokens client=1"])
    options.chartedBudget = "r"
    let rolling = Backtest(try days(3), settings: settings, options: options) { _ in }
    let samples = try #require(rolling.charted.first?.samples)
    #expect(rolling.charted.count == 1 && samples.count > 400)
    let svg = try #require(BacktestChart.svg(samples, title: "r"))
    // One band from the second day on, though use of a rolling window falls all the time.
    #expect(svg.components(separatedBy: "class=\"band\"").count == 2)
  }

  @Test("where nothing is scored no number is told")
  func unscored() throws {
    let result = Backtest(try days(3), settings: settings(), options: Backtest.Options()) { _ in }
    #expect(result.scored == 0 && result.coverage[0].share80.isNaN && result.likely.f1.isNaN)
    let text = BacktestTable.text("t", result)
    #expect(text.contains("nothing to score") && !text.contains("0.000"))
  }

  @Test("errors, F1 and leads are those of their definitions")
  func sumsOfErrors() {
    var sums = ErrorSums()
    for forecast in [50.0, 100, 150, 200] { sums.add(forecast: forecast, total: 100) }
    #expect(abs(sums.median - 0.5) < 1e-9 && abs(sums.weighted - 0.5) < 1e-9)
    var alerts = AlertSums()
    alerts.add(fired: 0, exceeded: 7200)
    alerts.add(fired: 0, exceeded: nil)
    alerts.add(fired: nil, exceeded: 1)
    alerts.add(fired: nil, exceeded: nil)
    #expect(alerts.f1 == 0.5 && alerts.falsePositiveRate == 0.5 && alerts.medianLead == 2)
  }
}
