import BudgetCore
import Exposition
import Testing

@Suite("Forecasts on the page")
struct ForecastPageTests {
  /// A day in tokens and an hour in dollars, after some days of even use, and what was forecast of them.
  private static func lived(days: Int64) throws -> (page: StrictPage, outlooks: [String: BudgetOutlook]) {
    var settings = LedgerSettings()
    settings.budgets = [
      .test("daily", limit: 100_000, window: .calendar(CalendarRule(period: .day)), mode: .shadow),
      .test("hourly", limit: 600_000_000_000, unit: .cost, window: .fixed(.hours(1)), mode: .shadow),
    ]
    var ledger = Ledger(settings: settings, seed: 0x5EED)
    for step in (-days * 144)...0 {
      let now = after(step * 600)
      // Each minute, as the sidecar does.
      for minute in 0..<10 as Range<Int64> { ledger.maintain(now: after((step - 1) * 600 + minute * 60)) }
      ledger.maintain(now: now)
      let spend = Spend(tokens: [TokenAmount(kind: .input, count: 1000 + step % 7)], cost: 200_000_000_000, requests: 1)
      _ = ledger.record(spend, tags: tags(["agent": "a"]), now: now)
    }
    let now = after(60)
    var outlooks: [String: BudgetOutlook] = [:]
    for status in ledger.accountStatuses(now: now) { outlooks[status.budget.name] = status.outlook }
    let bytes = MetricsPage(view: ledger.view(now: now), settings: settings, now: now.wall, others: []).bytes(
      .openMetrics)
    return (try StrictPage(bytes, openMetrics: true), outlooks)
  }

  private static func value(_ page: StrictPage, _ name: String, _ budget: String, _ label: (String, String)? = nil)
    -> Double?
  {
    page.families.flatMap(\.samples).first { sample in
      sample.name == name && sample.labels["budget"] == budget && (label.map { sample.labels[$0.0] == $0.1 } ?? true)
    }?.value
  }

  private static func isNear(_ shown: Double?, _ real: Double?) -> Bool {
    guard let shown, let real else { return shown == nil && real == nil }
    return abs(shown - real) <= 1e-9 * max(1, abs(real))
  }

  @Test("C5: every account's forecast, bounds, chance, time, error and burn rates, costs in dollars")
  func values() throws {
    let (page, outlooks) = try Self.lived(days: 9)
    for (budget, unit) in [("daily", 1.0), ("hourly", 1e12)] {
      let outlook = try #require(outlooks[budget])
      let forecast = try #require(outlook.forecast)
      for (name, label, real) in [
        ("tallygate_budget_forecast", nil, forecast.expected / unit),
        ("tallygate_budget_forecast_lower", ("level", "0.8"), forecast.lower80 / unit),
        ("tallygate_budget_forecast_lower", ("level", "0.95"), forecast.lower95 / unit),
        ("tallygate_budget_forecast_upper", ("level", "0.8"), forecast.upper80 / unit),
        ("tallygate_budget_forecast_upper", ("level", "0.95"), forecast.upper95 / unit),
        ("tallygate_budget_forecast_error_ratio", nil, forecast.error),
        ("tallygate_budget_exhaustion_probability", nil, forecast.exhaustionProbability),
        (
          "tallygate_budget_exhaustion_timestamp_seconds", nil,
          forecast.exhaustedAt.map { Double($0.nanoseconds) / 1e9 }
        ),
      ] as [(String, (String, String)?, Double?)] {
        let shown = Self.value(page, name, budget, label)
        #expect(real != nil && Self.isNear(shown, real), "\(budget) \(name): \(shown ?? .nan), \(real ?? .nan)")
      }
      for lookback in BurnLookback.allCases {
        let shown = Self.value(page, "tallygate_budget_burn_rate_ratio", budget, ("lookback", lookback.name))
        #expect(Self.isNear(shown, outlook.burnRates[lookback]), "\(budget) \(lookback.name)")
      }
    }
    #expect(Self.value(page, "tallygate_budget_burn_rate_ratio", "hourly", ("lookback", "2h")) == nil)
  }

  @Test("C5: where nothing is forecast there is no sample, and a young account has no error yet")
  func absent() throws {
    let young = try Self.lived(days: 0).page
    #expect(Self.value(young, "tallygate_budget_forecast", "daily") == nil)
    #expect(!young.families.contains { $0.name.hasPrefix("tallygate_budget_forecast") })
    let second = try Self.lived(days: 1)
    #expect(second.outlooks["daily"]?.forecast != nil && second.outlooks["daily"]?.forecast?.error == nil)
    #expect(Self.value(second.page, "tallygate_budget_forecast", "daily") != nil)
    #expect(Self.value(second.page, "tallygate_budget_forecast_error_ratio", "daily") == nil)
  }
}
