import BudgetCore
import JSONText
import LedgerAccess
import Testing

@testable import ControlServer

@Suite("Forecasts in reads of a budget")
struct ForecastReadTests {
  /// Some days of 1000 tokens every ten minutes, under a limit of 100,000 a day.
  private func scene(days: Int) -> ControlScene {
    let scene = ControlScene([
      Budget(
        name: "daily", per: ["agent"], unit: .tokens, limit: 100_000, window: .calendar(CalendarRule(period: .day)),
        mode: .shadow)
    ])
    for _ in 0...(days * 144) {
      scene.ledger.maintain()
      _ = scene.post("/v1/usage", #"{"tags": {"agent": "a"}, "tokens": 1000}"#)
      scene.clock.advance(600)
    }
    return scene
  }

  private func number(_ value: JSONValue?) -> Double { value?.asNumber.flatMap { Double($0.text) } ?? .nan }

  @Test("C5: a read has the forecast, its bounds in order, the chance, the time, the error and the burn rates")
  func read() throws {
    let answer = scene(days: 9).get("/v1/budgets/daily/accounts")
    let account = try #require(answer.json?.asArray?.first?.asObject)
    let forecast = try #require(account["forecast"]?.asObject)
    let bounds = ["lower_95", "lower_80", "expected", "upper_80", "upper_95"].map { number(forecast[$0]) }
    #expect(bounds == bounds.sorted() && bounds[1] < bounds[3])
    // 144,000 a day, of which noon has half.
    #expect(abs(bounds[2] / 144_000 - 1) < 0.05)
    #expect(number(forecast["exhaustion_probability"]) > 0.9)
    #expect((0..<0.5).contains(number(forecast["error"])))
    // 100 of 144 steps into the day: about twenty to five.
    #expect(forecast["exhausted_at"]?.asString?.hasPrefix("2025-06-25T16:") == true)
    let rates = try #require(account["burn_rates"]?.asObject)
    for lookback in ["30m", "1h", "2h", "6h", "1d"] { #expect(abs(number(rates[lookback]) - 1.44) < 0.15) }
    #expect(rates["1m"] != nil && rates["5m"] != nil)
  }

  @Test("C5: on its first day an account's forecast is null, on its second one it has no error yet")
  func young() throws {
    let first = try #require(scene(days: 0).get("/v1/budgets/daily/accounts").json?.asArray?.first?.asObject)
    #expect(first["forecast"]?.asObject == nil)
    let second = try #require(scene(days: 1).get("/v1/budgets/daily/accounts").json?.asArray?.first?.asObject)
    let forecast = try #require(second["forecast"]?.asObject)
    #expect(number(forecast["expected"]) > 100_000 && forecast["error"] == JSONValue.null)
  }
}
