import BudgetCore
import Testing

@testable import Configuration

@Suite("Acting on forecasts, in a configuration")
struct ForecastDecodingTests {
  private func text(_ members: String) -> String {
    "budgets:\n  - name: a\n    limit: { tokens: 5 }\n" + members.split(separator: ";").map { "    \($0)\n" }.joined()
  }

  @Test("C16: on_forecast warns or throttles; it may stand with the defaults")
  func actions() throws {
    let warn = try parse(text("window: {calendar: day};on_forecast: warn")).ledger.budgets[0].onForecast
    let throttle = try parse(text("window: {fixed: 1h};on_forecast: throttle")).ledger.budgets[0].onForecast
    let none = try parse(text("window: {fixed: 1h}")).ledger.budgets[0].onForecast
    let inherited = try parse("defaults: {on_forecast: warn}\n" + text("window: {rolling: 24h}")).ledger.budgets[0]
      .onForecast
    #expect(warn == .warn && throttle == .throttle && none == nil && inherited == .warn)
  }

  @Test(
    "a mistake names its key and what would be right",
    arguments: [
      ("window: {lifetime: {idle_expiry: 1h}};on_forecast: warn", "windows of 10m or more"),
      ("window: {fixed: 5m};on_forecast: warn", "windows of 10m or more"),
      ("window: {fixed: 1h};mode: shadow;on_forecast: throttle", "has no effect in mode shadow"),
      ("window: {fixed: 1h};on_forecast: stop", "throttle"),
    ])
  func mistakes(members: String, problem: String) throws {
    let found = errors(in: text(members))
    let error = try #require(found.first)
    #expect(found.count == 1 && error.key == "budgets[0].on_forecast")
    #expect(error.problem.contains(problem) || error.remedy.contains(problem), "\(error)")
  }
}
