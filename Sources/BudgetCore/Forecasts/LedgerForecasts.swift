// Forecasts are fed by housekeeping and by readers, never by usage: from each account's ever-growing total.
extension Ledger {
  /// Feeds every forecast, once a minute; in between it costs a comparison. O(accounts).
  package mutating func maintainForecasts(now: Moment) {
    let minute = Self.forecastMinute(now)
    guard forecasts.lastMinute.map({ $0 != minute }) ?? true else { return }
    for index in 0..<accounts.limit {
      if accounts.isOccupied(index) {
        turnIfDue(index, now: now)
        if feedForecast(index, now: now) >= 0 { actOnForecast(index, now: now) }
      } else {
        forecasts.remove(index)
      }
    }
    forecasts.lastMinute = minute
  }

  /// Whether an idle account stays for what was learned of it: for a week, while there is room for as many again.
  func isRemembered(_ index: Int, now: Moment) -> Bool {
    let place = forecasts.find(index)
    guard place >= 0, forecasts[place].serial == accounts[index].serial,
      accounts.count < settings.bounds.maxAccounts / 2
    else { return false }
    let isLong = settings.budgets[accounts[index].budget].window.isForecastByDays
    return isLong && now.steady - accounts[index].lastUse < .days(7)
  }

  private static func forecastMinute(_ now: Moment) -> Int64 { max(0, now.steady.nanoseconds) / 60_000_000_000 }

  /// Tells once that an account will very likely be exhausted, when two looks in a row say so, and lets its budget act
  /// on that until it is rather unlikely again or the window turns.
  private mutating func actOnForecast(_ index: Int, now: Moment) {
    guard settings.budgets[accounts[index].budget].onForecast != nil else { return }
    let place = forecasts.find(index)
    let chance = outlook(index, now: now)?.forecast?.exhaustionProbability ?? 0
    let wasLikely = forecasts[place].isLikely
    forecasts[place].isLikely = chance > Self.likelyChance
    if chance < Self.unlikelyChance { forecasts[place].isProjected = false }
    if chance > Self.likelyChance, wasLikely, !forecasts[place].isProjected {
      forecasts[place].isProjected = true
      if accounts[index].level < .exhausted { tell(.forecast, index, now: now) }
    }
    accounts[index].isProjected = forecasts[place].isProjected
  }

  private static let likelyChance = 0.8
  private static let unlikelyChance = 0.5

  /// Brings an account's forecast up to now. O(1).
  /// - Returns: where it is; -1 when the account has none.
  @discardableResult
  mutating func feedForecast(_ index: Int, now: Moment) -> Int {
    let account = accounts[index]
    guard account.limit != nil, let span = forecastSpan(index, now: now) else {
      if !forecasts.wasSeen(index) { forecasts.markUnlimited(index) }
      return -1
    }
    let minute = Self.forecastMinute(now)
    var place = forecasts.find(index)
    if place < 0 || forecasts[place].serial != account.serial {
      // What was there before anybody looked is no use of this minute.
      let isNew = forecasts.lastMinute != nil && !forecasts.wasSeen(index)
      var forecast = AccountForecast(
        total: account.usedTotal, credited: isNew ? account.usedTotal : 0, used: account.used, span: span,
        minute: minute)
      forecast.serial = account.serial
      place = forecasts.insert(forecast, at: index)
    }
    forecasts.observe(place, total: account.usedTotal, used: account.used, span: span, minute: minute)
    return place
  }

  /// The window of an account as its forecast sees it; `nil` for windows that are not forecast.
  private func forecastSpan(_ index: Int, now: Moment) -> ForecastSpan? {
    let account = accounts[index]
    switch settings.budgets[account.budget].window {
    case .lifetime: return nil
    case .rolling(let length):
      guard length >= ForecastScale.shortestWindow else { return nil }
      let steady = now.steady.nanoseconds
      let start = steady - steady.flooredRemainder(length.nanoseconds)
      return ForecastSpan(
        start: start, end: start.saturatingAdd(length.nanoseconds), now: steady, offset: 0, wall: now.wall.nanoseconds,
        isRolling: true)
    case .fixed(let length):
      guard length >= ForecastScale.shortestWindow else { return nil }
      return ForecastSpan(
        start: account.windowStart.nanoseconds, end: account.windowEnd.nanoseconds, now: now.wall.nanoseconds,
        offset: 0, wall: now.wall.nanoseconds, isRolling: false)
    case .calendar(let rule):
      return ForecastSpan(
        start: account.windowStart.nanoseconds, end: account.windowEnd.nanoseconds, now: now.wall.nanoseconds,
        offset: Int64(rule.zone.offset(at: now.wall.seconds)), wall: now.wall.nanoseconds, isRolling: false)
    }
  }

  /// What is known of an account's future and its burn rates. O(1).
  mutating func outlook(_ index: Int, now: Moment) -> BudgetOutlook? {
    let place = feedForecast(index, now: now)
    guard place >= 0, let span = forecastSpan(index, now: now), let limit = accounts[index].limit else { return nil }
    return BudgetOutlook(
      burnRates: burnRates(place, span: span, limit: limit, now: now),
      forecast: forecasts.forecast(
        place, span: span, used: accounts[index].used, limit: limit, leaving: leaving(index)))
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

  private func burnRates(_ place: Int, span: ForecastSpan, limit: Quantity, now: Moment) -> BurnRates {
    var rates = BurnRates()
    guard limit > 0 else { return rates }
    let steady = max(0, now.steady.nanoseconds)
    let fraction = Float(steady % 60_000_000_000) / 60e9
    let perMinute = limit.approximation / Double(span.minutes)
    for lookback in BurnLookback.allCases where lookback.length.nanoseconds <= span.length {
      let used = forecasts[place].history.used(
        in: lookback, minute: steady / 60_000_000_000, fraction: fraction)
      rates[lookback] = max(0, Double(used)) / Double(lookback.minutes) / perMinute
    }
    return rates
  }

  /// What of an account's use will have left its rolling window at each eighth of its length from now.
  private func leaving(_ index: Int) -> AccountForecast.Points {
    var leaving = AccountForecast.Points(repeating: 0)
    let ring = accounts[index].ring
    guard ring >= 0 else { return leaving }
    var sum: Quantity = 0
    var age = RollingBuckets.count - 1
    for point in 0..<AccountForecast.points {
      // The oldest bucket leaves first; the one that fills never within a length.
      let stays = (RollingBuckets.count - 1) * (AccountForecast.points - 1 - point) / AccountForecast.points
      while age > stays {
        sum += accounts.rings[ring + RollingBuckets.place(accounts[index].bucket - Int64(age))]
        age -= 1
      }
      leaving[point] = Float(sum)
    }
    return leaving
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
