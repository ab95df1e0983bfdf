// Forecasts are fed by housekeeping and by readers, never by usage: from each account's ever-growing total.
extension Ledger {
  /// Feeds the forecasts that are due by now: each once a minute, spread over it so that a call is short.
  ///
  /// O(1) where nothing is due, O(500) otherwise.
  /// - Returns: whether more are due already; then it is to be called again.
  package mutating func maintainForecasts(now: Moment) -> Bool {
    let (range, hasMore) = forecasts.rounds.next(of: accounts.limit, minute: Self.minute(of: now.steady), now.steady)
    for index in range {
      guard accounts.isOccupied(index) else {
        forecasts.remove(index)
        continue
      }
      turnIfDue(index, now: now)
      guard let span = forecastSpan(index, now: now) else { continue }
      let place = feedForecast(index, span, now: now)
      if place >= 0, settings.budgets[accounts[index].budget].onForecast != nil {
        actOnForecast(index, place, span, now: now)
      }
    }
    return hasMore
  }

  /// Whether an idle account stays for what may be learned of it: for a week, while there is room for as many again.
  func isRemembered(_ index: Int, now: Moment) -> Bool {
    accounts[index].limit != nil && accounts.count < settings.bounds.maxAccounts / 2
      && settings.budgets[accounts[index].budget].window.isForecastByDays
      && now.steady - accounts[index].lastUse < .days(7)
  }

  private static func minute(of steady: Instant) -> Int64 { max(0, steady.nanoseconds) / 60_000_000_000 }

  /// Brings an account's forecast up to now. O(1).
  /// - Returns: where it is; -1 when the account has none.
  mutating func feedForecast(_ index: Int, _ span: ForecastSpan, now: Moment) -> Int {
    guard accounts[index].limit != nil else {
      if case .unlimited = forecasts.entry(index) { return -1 }
      forecasts.mark(index, .unlimited)
      return -1
    }
    let minute = Self.minute(of: now.steady)
    var place = -1
    if case .forecast(let found) = forecasts.entry(index), forecasts.serial(found) == accounts[index].serial {
      place = found
    } else {
      place = beginForecast(index, span, minute: minute)
    }
    if place >= 0 {
      forecasts.observe(
        place, total: accounts[index].usedTotal, used: accounts[index].used, span: span, minute: minute)
    }
    return place
  }

  /// Makes a forecast of an account that was used in a second minute: many are used once and never again.
  private mutating func beginForecast(_ index: Int, _ span: ForecastSpan, minute: Int64) -> Int {
    let lastUse = Self.minute(of: accounts[index].lastUse)
    switch forecasts.entry(index) {
    case .none, .forecast:
      // What was there before anybody looked is no use of these minutes.
      forecasts.mark(index, .usedOnce(minute: lastUse, isNew: forecasts.rounds.isPastFirst))
    case .unlimited: forecasts.mark(index, .usedOnce(minute: lastUse, isNew: false))
    case .usedOnce(let first, let isNew) where lastUse > first:
      var forecast = AccountForecast(
        total: accounts[index].usedTotal, credited: isNew ? accounts[index].usedTotal : 0, used: accounts[index].used,
        span: span, minute: minute, born: min(first, minute))
      forecast.serial = accounts[index].serial
      return forecasts.insert(forecast, at: index)
    case .usedOnce: break
    }
    return -1
  }

  /// The window of an account as its forecast sees it; `nil` for windows that are not forecast.
  @inline(__always)
  func forecastSpan(_ index: Int, now: Moment) -> ForecastSpan? {
    let (start, end) = (accounts[index].windowStart.nanoseconds, accounts[index].windowEnd.nanoseconds)
    let wall = now.wall.nanoseconds
    switch settings.budgets[accounts[index].budget].window {
    case .lifetime: return nil
    case .rolling(let length):
      guard length >= ForecastScale.shortestWindow else { return nil }
      let steady = now.steady.nanoseconds
      let start = steady - steady.flooredRemainder(length.nanoseconds)
      return ForecastSpan(
        start: start, end: start.saturatingAdd(length.nanoseconds), now: steady, offset: 0, wall: wall, isRolling: true)
    case .fixed(let length):
      guard length >= ForecastScale.shortestWindow else { return nil }
      return ForecastSpan(start: start, end: end, now: wall, offset: 0, wall: wall, isRolling: false)
    case .calendar(let rule):
      let offset = Int64(rule.zone.offset(at: now.wall.seconds))
      return ForecastSpan(start: start, end: end, now: wall, offset: offset, wall: wall, isRolling: false)
    }
  }
}

extension WindowRule {
  /// Whether use is forecast: the window ends, and not before anybody could act.
  package var isForecast: Bool {
    switch self {
    case .rolling(let length), .fixed(let length): length >= ForecastScale.shortestWindow
    case .calendar: true
    case .lifetime: false
    }
  }

  /// Whether days have a shape in it: it is longer than the scale of rates alone.
  var isForecastByDays: Bool {
    switch self {
    case .rolling(let length), .fixed(let length): ForecastScale(length: length.nanoseconds) != .short
    case .calendar(let rule): rule.period != .hour
    case .lifetime: false
    }
  }
}
