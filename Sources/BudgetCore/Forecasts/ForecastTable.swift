/// The forecasts of accounts, beside the accounts: only accounts with a limit and a window of ten minutes or more have one.
struct ForecastTable: ~Copyable {
  /// For each place of the account table where its forecast is; see `none` and `unlimited`.
  private(set) var places: [Int32] = []
  private(set) var forecasts = Slab<AccountForecast>(minimumCapacity: 1)
  private var vacant: [Int32] = []
  /// One for each of `ForecastScale`.
  var pools: [IntervalPool] = ForecastScale.allCases.map { _ in IntervalPool() }
  /// The minute of the steady clock at which all accounts were looked at last; `nil` before the first time.
  var lastMinute: Int64?

  private static let none: Int32 = -1
  /// Seen, but there was nothing to forecast: what it used until then is not news when there is.
  private static let unlimited: Int32 = -2

  var count: Int { forecasts.count - vacant.count }

  /// The forecast at an account's place; -1 without.
  func find(_ account: Int) -> Int { account < places.count ? max(-1, Int(places[account])) : -1 }

  subscript(index: Int) -> AccountForecast {
    _read { yield forecasts[index] }
    _modify { yield &forecasts[index] }
  }

  func wasSeen(_ account: Int) -> Bool { account < places.count && places[account] == Self.unlimited }

  mutating func markUnlimited(_ account: Int) {
    remove(account)
    cover(account)
    places[account] = Self.unlimited
  }

  @discardableResult
  mutating func insert(_ forecast: AccountForecast, at account: Int) -> Int {
    remove(account)
    cover(account)
    let place: Int
    if let free = vacant.popLast() {
      place = Int(free)
      forecasts[place] = forecast
    } else {
      place = forecasts.append(forecast)
    }
    places[account] = Int32(place)
    return place
  }

  mutating func remove(_ account: Int) {
    guard account < places.count else { return }
    if places[account] >= 0 { vacant.append(places[account]) }
    places[account] = Self.none
  }

  private mutating func cover(_ account: Int) {
    while places.count <= account { places.append(Self.none) }
  }

  /// Feeds one forecast.
  mutating func observe(
    _ index: Int, total: Quantity, used: Quantity, span: ForecastSpan, minute: Int64
  ) {
    let scale = ForecastScale(length: span.length).rawValue
    forecasts[index].observe(total, used: used, span: span, minute: minute, pool: &pools[scale])
  }

  func forecast(
    _ index: Int, span: ForecastSpan, used: Quantity, limit: Quantity?, leaving: AccountForecast.Points
  ) -> BudgetForecast? {
    let scale = ForecastScale(length: span.length).rawValue
    return forecasts[index].forecast(span, used: used, limit: limit, leaving: leaving, pool: pools[scale])
  }
}
