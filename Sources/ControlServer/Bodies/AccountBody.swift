package import BudgetCore
package import JSONText

// Accounts and amounts as the bodies show them: tokens and requests as whole numbers, dollars as decimal strings.
extension JSONWriter {
  mutating func amount(_ amount: Quantity, _ unit: BudgetUnit) {
    if unit == .cost { dollars(Money(picodollars: amount)) } else { int(amount) }
  }

  mutating func dollars(_ amount: Money) { plainString(upTo: Money.longestText) { amount.write(to: $0) } }

  mutating func tags(_ tags: [Tag]) {
    beginObject()
    for tag in tags {
      key(named: tag.key)
      string(tag.value)
    }
    endObject()
  }

  mutating func time(_ instant: Instant?) {
    guard let instant else { return null() }
    plainString(upTo: Instant.longestRFC3339) { instant.writeRFC3339(to: $0) }
  }

  mutating func optionalAmount(_ amount: Quantity?, _ unit: BudgetUnit) {
    if let amount { self.amount(amount, unit) } else { null() }
  }

  /// One account: `{"budget": …, "tags": …, "unit": …, "limit": …, "used": …, …}`.
  mutating func account(_ status: AccountStatus) {
    beginObject()
    accountMembers(status)
    endObject()
  }

  mutating func accountMembers(_ status: AccountStatus) {
    let unit = status.unit
    key("budget")
    string(status.budgetName)
    key("tags")
    tags(status.tags)
    key("unit")
    string(unit.name)
    key("window")
    string(status.window)
    key("limit")
    optionalAmount(status.limit, unit)
    if status.limit != status.configuredLimit {
      key("configured_limit")
      optionalAmount(status.configuredLimit, unit)
    }
    key("used")
    amount(status.used, unit)
    key("reserved")
    amount(status.reserved, unit)
    key("remaining")
    optionalAmount(status.remaining, unit)
    key("used_ratio")
    double(status.usedRatio)
    key("state")
    string(status.state.rawValue)
    if let grace = status.graceRemaining {
      key("stopped")
      bool(status.isStopped)
      key("grace_remaining")
      amount(grace, unit)
    }
    key("window_start")
    time(status.windowStart)
    key("resets_at")
    time(status.resetsAt)
    if let outlook = status.outlook { self.outlook(outlook, unit) }
  }

  /// `"burn_rates": {"5m": …}, "forecast": {…}`; the forecast is `null` where none is honest.
  private mutating func outlook(_ outlook: BudgetOutlook, _ unit: BudgetUnit) {
    key("burn_rates")
    beginObject()
    for lookback in BurnLookback.allCases {
      guard let rate = outlook.burnRates[lookback] else { continue }
      key(named: lookback.name)
      double(rate)
    }
    endObject()
    key("forecast")
    guard let forecast = outlook.forecast else { return null() }
    beginObject()
    for (name, value) in [
      ("expected", forecast.expected), ("lower_80", forecast.lower80), ("upper_80", forecast.upper80),
      ("lower_95", forecast.lower95), ("upper_95", forecast.upper95),
    ] {
      key(named: name)
      optionalAmount(Quantity(exactly: value.rounded()), unit)
    }
    key("exhaustion_probability")
    if let chance = forecast.exhaustionProbability { double(chance) } else { null() }
    key("exhausted_at")
    time(forecast.exhaustedAt)
    key("error")
    if let error = forecast.error { double(error) } else { null() }
    endObject()
  }

  package mutating func accounts(_ statuses: some Sequence<AccountStatus>) {
    beginArray()
    for status in statuses { account(status) }
    endArray()
  }
}
