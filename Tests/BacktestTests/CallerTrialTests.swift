import Backtest
import BudgetCore
import Testing

@Suite("Callers who wait as they are told")
struct CallerTrialTests {
  /// Days of use from 8 to 20 o'clock, each with so many calls of 10 tokens an hour.
  private static func trace(_ calls: [Int64]) throws -> Trace {
    var text = "agent,day,hour,requests,input_tokens,output_tokens\n"
    for (day, count) in calls.enumerated() {
      for hour in 8..<20 { text += "a,\(day),\(hour),\(count),\(5 * count),\(5 * count)\n" }
    }
    return try Trace(csv: Array(text.utf8), columns: TraceColumns())
  }

  private static func trial(_ trace: Trace, _ action: Budget.ForecastAction?) -> CallerTrial {
    var settings = LedgerSettings()
    var budget = Budget(
      name: "b", per: ["agent"], unit: .tokens, limit: 1_000_000, window: .calendar(CalendarRule(period: .day)),
      mode: .enforce)
    budget.onForecast = action
    settings.budgets = [budget]
    return CallerTrial(trace, settings: settings) { _ in }
  }

  @Test("every call is granted, denied or waits when the trace ends", arguments: [nil, Budget.ForecastAction.throttle])
  func conserved(action: Budget.ForecastAction?) throws {
    let trace = try Self.trace([600, 1200, 600, 3000, 1200, 600, 600, 1800, 600])
    let total = Self.trial(trace, action).total
    #expect(total.granted + total.denied + total.waiting == trace.rows.reduce(0) { $0 + $1.requests })
    #expect(total.late <= total.delayed + total.granted)
    if action == nil { #expect(total.delayed == 0 && total.late == 0 && total.waiting == 0) }
  }

  @Test("on a day that wants twice its limit, throttling denies less, and of critical calls least")
  func saves() throws {
    let trace = try Self.trace([1200, 1200, 1200, 1200, 1200, 1200, 1200, 2400, 600, 600])
    let (alone, throttled) = (Self.trial(trace, nil), Self.trial(trace, .throttle))
    #expect(alone.total.denied > 10_000)
    #expect(throttled.total.denied < alone.total.denied / 2)
    let deniedShare = zip(CallerTrial.shares, throttled.counts).map { share, counts in
      Double(counts.denied) / Double(share.percent)
    }
    #expect(deniedShare[0] <= deniedShare[3])
  }
}
