import BudgetCore

// Where each account is going. An account of which nothing honest can be said has no sample.
extension PageWriter {
  mutating func writeBurnRates(_ rows: [LedgerView.AccountRow], format: ExpositionFormat) {
    guard rows.contains(where: { $0.outlook != nil }) else { return }
    writeHeader(
      "tallygate_budget_burn_rate_ratio", .gauge,
      "How fast the limit was used over the trailing lookback: 1 lands exactly on it at the end of the window.",
      format: format)
    for row in rows {
      guard let rates = row.outlook?.burnRates else { continue }
      for lookback in BurnLookback.allCases {
        guard let rate = rates[lookback] else { continue }
        startSample("tallygate_budget_burn_rate_ratio", row, label: "lookback", lookback.name)
        write(rate)
        write(UInt8(ascii: "\n"))
      }
    }
  }

  mutating func writeForecasts(
    _ rows: [LedgerView.AccountRow], settings: LedgerSettings, format: ExpositionFormat
  ) {
    guard rows.contains(where: { $0.outlook?.forecast != nil }) else { return }
    writeHeader(
      "tallygate_budget_forecast", .gauge,
      "Expected use at the end of the window; of a rolling window, the highest while its next length passes.",
      format: format)
    writeForecast("tallygate_budget_forecast", rows, settings) { $0.expected }
    writeHeader(
      "tallygate_budget_forecast_lower", .gauge, "Lower bound of the forecast, for intervals of this probability.",
      format: format)
    for row in rows {
      guard let forecast = row.outlook?.forecast else { continue }
      writeBound("tallygate_budget_forecast_lower", row, "0.8", forecast.lower80, settings)
      writeBound("tallygate_budget_forecast_lower", row, "0.95", forecast.lower95, settings)
    }
    writeHeader(
      "tallygate_budget_forecast_upper", .gauge, "Upper bound of the forecast, for intervals of this probability.",
      format: format)
    for row in rows {
      guard let forecast = row.outlook?.forecast else { continue }
      writeBound("tallygate_budget_forecast_upper", row, "0.8", forecast.upper80, settings)
      writeBound("tallygate_budget_forecast_upper", row, "0.95", forecast.upper95, settings)
    }
    writeErrors(rows, format: format)
    writeExhaustion(rows, format: format)
  }

  private mutating func writeErrors(_ rows: [LedgerView.AccountRow], format: ExpositionFormat) {
    guard rows.contains(where: { $0.outlook?.forecast?.error != nil }) else { return }
    writeHeader(
      "tallygate_budget_forecast_error_ratio", .gauge,
      "Weighted mean of |log(real / forecast)| of the rest of past windows, at this time of the window.",
      format: format)
    for row in rows {
      guard let error = row.outlook?.forecast?.error else { continue }
      startSample("tallygate_budget_forecast_error_ratio", row.labels)
      write(error)
      write(UInt8(ascii: "\n"))
    }
  }

  private mutating func writeExhaustion(_ rows: [LedgerView.AccountRow], format: ExpositionFormat) {
    writeHeader(
      "tallygate_budget_exhaustion_probability", .gauge, "Chance that the limit is reached before the window ends.",
      format: format)
    for row in rows {
      guard let chance = row.outlook?.forecast?.exhaustionProbability else { continue }
      startSample("tallygate_budget_exhaustion_probability", row.labels)
      write(chance)
      write(UInt8(ascii: "\n"))
    }
    guard rows.contains(where: { $0.outlook?.forecast?.exhaustedAt != nil }) else { return }
    writeHeader(
      "tallygate_budget_exhaustion_timestamp_seconds", .gauge,
      "When the limit is expected to be reached; absent when not in this window.", format: format)
    for row in rows {
      guard let time = row.outlook?.forecast?.exhaustedAt else { continue }
      startSample("tallygate_budget_exhaustion_timestamp_seconds", row.labels)
      write(time)
      write(UInt8(ascii: "\n"))
    }
  }

  private mutating func writeForecast(
    _ name: StaticString, _ rows: [LedgerView.AccountRow], _ settings: LedgerSettings,
    _ value: (BudgetForecast) -> Double
  ) {
    for row in rows {
      guard let forecast = row.outlook?.forecast else { continue }
      startSample(name, row.labels)
      write(shown(value(forecast), row, settings))
      write(UInt8(ascii: "\n"))
    }
  }

  private mutating func writeBound(
    _ name: StaticString, _ row: LedgerView.AccountRow, _ level: String, _ value: Double, _ settings: LedgerSettings
  ) {
    startSample(name, row, label: "level", level)
    write(shown(value, row, settings))
    write(UInt8(ascii: "\n"))
  }

  private mutating func startSample(_ name: StaticString, _ row: LedgerView.AccountRow, label: String, _ value: String)
  {
    write(name)
    write("{")
    write(row.labels)
    write(",")
    write(label)
    write("=\"")
    write(value)
    write("\"} ")
  }

  /// Dollars for costs.
  private func shown(_ value: Double, _ row: LedgerView.AccountRow, _ settings: LedgerSettings) -> Double {
    settings.budgets[row.account.budget].unit == .cost ? value / 1e12 : value
  }
}
