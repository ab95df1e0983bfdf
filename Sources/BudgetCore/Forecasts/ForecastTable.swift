/// The forecasts of accounts, beside the accounts: only accounts with a limit and a window of ten minutes or more have
/// one, from the second minute with use on.
struct ForecastTable: ~Copyable {
  /// What is kept for one place of the account table.
  enum Entry {
    case none
    /// Seen, but there was nothing to forecast: what it used until then is not news when there is.
    case unlimited
    /// Used up to this minute of the steady clock when it was first seen; `isNew` when it came after the first look at
    /// all accounts, so that all of its use is of now.
    case usedOnce(minute: Int64, isNew: Bool)
    case forecast(Int)
  }

  /// For each place of the account table its entry in four bytes: where its forecast is, or a negative number.
  private(set) var places: [Int32] = []
  private(set) var forecasts: Slab<AccountForecast>
  private var vacant: [Int32] = []
  /// One for each of `ForecastScale`.
  var pools: [IntervalPool] = ForecastScale.allCases.map { _ in IntervalPool() }
  var rounds = ForecastRounds()

  private static let none: Int32 = -1
  private static let unlimited: Int32 = -2
  /// Below it, minutes with a lowest bit for `isNew`, negative.
  private static let once: Int32 = -3
  private static let latestMinute = Int64(Int32.max / 2 - 2)

  /// - Parameter bound: of accounts.
  init(expecting bound: Int) { forecasts = Slab(expecting: bound) }

  var count: Int { forecasts.count - vacant.count }

  func entry(_ account: Int) -> Entry {
    guard account < places.count, places[account] != Self.none else { return .none }
    let code = places[account]
    if code >= 0 { return .forecast(Int(code)) }
    if code == Self.unlimited { return .unlimited }
    let number = Self.once - code
    return .usedOnce(minute: Int64(number >> 1), isNew: number & 1 == 1)
  }

  subscript(index: Int) -> AccountForecast {
    _read { yield forecasts[index] }
    _modify { yield &forecasts[index] }
  }

  mutating func mark(_ account: Int, _ entry: Entry) {
    remove(account)
    cover(account)
    switch entry {
    case .none: break
    case .unlimited: places[account] = Self.unlimited
    case .usedOnce(let minute, let isNew):
      places[account] = Self.once - (Int32(min(max(0, minute), Self.latestMinute)) << 1 | (isNew ? 1 : 0))
    case .forecast(let place): places[account] = Int32(place)
    }
  }

  @discardableResult
  mutating func insert(_ forecast: AccountForecast, at account: Int) -> Int {
    remove(account)
    let place: Int
    if let free = vacant.popLast() {
      place = Int(free)
      forecasts[place] = forecast
    } else {
      place = forecasts.append(forecast)
    }
    mark(account, .forecast(place))
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

  /// What an account used in each trailing lookback.
  func used(_ index: Int, minute: Int64, fraction: Float) -> InlineArray<7, Float> {
    forecasts[index].history.used(minute: minute, fraction: fraction)
  }

  func serial(_ index: Int) -> UInt32 { forecasts[index].serial }

  func forecast(
    _ index: Int, span: ForecastSpan, used: Quantity, limit: Quantity?, leaving: AccountForecast.Points
  ) -> BudgetForecast? {
    let scale = ForecastScale(length: span.length).rawValue
    return forecasts[index].forecast(span, used: used, limit: limit, leaving: leaving, pool: pools[scale])
  }
}
