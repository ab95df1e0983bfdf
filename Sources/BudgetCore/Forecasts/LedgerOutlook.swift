// What readers are told of an account's future.
extension Ledger {
  /// What is known of an account's future and its burn rates. O(1).
  mutating func outlook(_ index: Int, now: Moment) -> BudgetOutlook? {
    guard let span = forecastSpan(index, now: now) else { return nil }
    let place = feedForecast(index, span, now: now)
    guard place >= 0, let limit = accounts[index].limit else { return nil }
    return BudgetOutlook(
      burnRates: burnRates(place, span: span, limit: limit, now: now), forecast: forecast(index, place, span))
  }

  /// - Parameter place: where the account's forecast is. O(1).
  @inline(__always)
  func forecast(_ index: Int, _ place: Int, _ span: ForecastSpan) -> BudgetForecast? {
    forecasts.forecast(
      place, span: span, used: accounts[index].used, limit: accounts[index].limit, leaving: leaving(index))
  }

  /// Bytes that an account's forecast keeps.
  package static var forecastBytes: Int { MemoryLayout<AccountForecast>.stride }

  /// Forecasts every account, and says for how many there was something to say. O(accounts).
  package mutating func countForecasts(now: Moment) -> Int {
    var count = 0
    for index in 0..<accounts.limit where accounts.isOccupied(index) {
      if outlook(index, now: now)?.forecast != nil { count += 1 }
    }
    return count
  }

  @inline(__always)
  private func burnRates(_ place: Int, span: ForecastSpan, limit: Quantity, now: Moment) -> BurnRates {
    var rates = BurnRates()
    guard limit > 0 else { return rates }
    let steady = max(0, now.steady.nanoseconds)
    let fraction = Float(steady % 60_000_000_000) / 60e9
    let perMinute = limit.approximation / Double(span.minutes)
    let used = forecasts.used(place, minute: steady / 60_000_000_000, fraction: fraction)
    for lookback in BurnLookback.allCases where lookback.length.nanoseconds <= span.length {
      rates[lookback] = max(0, Double(used[lookback.rawValue])) / Double(lookback.minutes) / perMinute
    }
    return rates
  }

  /// What of an account's use will have left its rolling window at each eighth of its length from now.
  @inline(__always)
  private func leaving(_ index: Int) -> AccountForecast.Points {
    let ring = accounts[index].ring
    guard ring >= 0 else { return .zero }
    var leaving = InlineArray<8, Float>(repeating: 0)
    // Counted from the oldest bucket on, which leaves first; the one that fills never leaves within a length.
    var place = RollingBuckets.place(accounts[index].bucket + 1)
    var sum: Quantity = 0
    var gone = 0
    for point in 0..<AccountForecast.points {
      let due = (RollingBuckets.count - 1) * (point + 1) / AccountForecast.points
      for _ in gone..<due {
        sum &+= accounts.rings[ring + place]
        place = place == RollingBuckets.count - 1 ? 0 : place + 1
      }
      gone = due
      leaving[point] = sum.single
    }
    return AccountForecast.Points(leaving)
  }
}

/// How fast an account uses its budget: 1 lands exactly on the limit at the end of the window.
package struct BurnRates: Hashable, Sendable {
  private var rates = InlineArray<7, Double>(repeating: -1)

  package init() {}

  /// (used in the lookback / lookback) / (limit / window); `nil` for a lookback that is longer than the window.
  package internal(set) subscript(lookback: BurnLookback) -> Double? {
    get { rates[lookback.rawValue] >= 0 ? rates[lookback.rawValue] : nil }
    set { rates[lookback.rawValue] = newValue ?? -1 }
  }

  package static func == (left: BurnRates, right: BurnRates) -> Bool {
    BurnLookback.allCases.allSatisfy { left[$0] == right[$0] }
  }

  package func hash(into hasher: inout Hasher) {
    for lookback in BurnLookback.allCases { hasher.combine(self[lookback]) }
  }
}

/// What is known of an account's future.
package struct BudgetOutlook: Hashable, Sendable {
  package var burnRates: BurnRates
  /// `nil` where none is honest.
  package var forecast: BudgetForecast?
}
