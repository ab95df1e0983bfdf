/// What was learned of one account's use, as it is stored.
package struct SavedForecast: Sendable {
  /// The account's position among the stored accounts.
  package var account: Int
  /// The name of the window that it was learned in: `24h`, `day`.
  package var window: String
  /// Minutes of the steady clock: since when it learns, and up to when it did.
  package var born: Int64
  package var minute: Int64
  /// Use that it has not learned of yet.
  package var unfed: Quantity
  /// The start of the window that ran, on that window's clock.
  package var windowStart: Int64
  /// Bins of ten minutes with use: of each of seven days, then of today; days that are known; the next checkpoint;
  /// bits for a window that nobody saw all of, for a chance of exhaustion that is high, and for one that was acted upon.
  package var counts: [UInt8]
  package var numbers: [Float]

  package static let countsLength = 11
  package static let numbersLength = 2 + UseHistory.storedCount + DayShape.storedCount + 6 + ExpertRecord.storedCount

  package init(
    account: Int, window: String, born: Int64, minute: Int64, unfed: Quantity, windowStart: Int64, counts: [UInt8],
    numbers: [Float]
  ) {
    self.account = account
    self.window = window
    self.born = born
    self.minute = minute
    self.unfed = unfed
    self.windowStart = windowStart
    self.counts = counts
    self.numbers = numbers
  }
}

extension LedgerCapture {
  /// What was learned of each account that is forecast.
  package func forEachForecast(_ body: (SavedForecast) -> Void) {
    for (ordinal, index) in occupiedAccounts.enumerated() {
      guard index < forecastPlaces.count, forecastPlaces[index] >= 0 else { continue }
      let forecast = forecasts[Int(forecastPlaces[index])]
      guard forecast.serial == accounts[index].serial else { continue }
      body(
        forecast.saved(
          account: ordinal, window: budgets[accounts[index].budget].window.name, total: accounts[index].usedTotal))
    }
  }
}

extension AccountForecast {
  func saved(account: Int, window: String, total: Quantity) -> SavedForecast {
    let flags: UInt8 = (isBroken ? 1 : 0) | (isLikely ? 2 : 0) | (isProjected ? 4 : 0)
    return SavedForecast(
      account: account, window: window, born: Int64(born), minute: Int64(minute), unfed: total - lastTotal,
      windowStart: windowStart,
      counts: active.indices.map { active[$0] } + [activeToday, activeDays, nextCheckpoint, flags],
      numbers: [inWindow, meanWindow] + history.stored + shape.stored + level.stored + fast.stored + second.stored
        + record.stored)
  }
}

extension LedgerRestorer {
  /// Accounts must have been added before. What belongs to an account that is gone or has another window now is
  /// passed over.
  package mutating func add(_ saved: SavedForecast) throws(InconsistentState) {
    guard places.indices.contains(saved.account) else {
      throw InconsistentState("a forecast is of account \(saved.account), which there is not")
    }
    guard saved.counts.count == SavedForecast.countsLength, saved.numbers.count == SavedForecast.numbersLength,
      StoredBounds.isValid(saved.unfed)
    else { throw InconsistentState("a forecast has too few numbers or too many") }
    guard let place = places[saved.account], case .none = ledger.forecasts.entry(place.index) else { return }
    let account = ledger.accounts[place.index]
    guard account.limit != nil, ledger.settings.budgets[account.budget].window.name == saved.window else { return }
    guard let forecast = AccountForecast(saved, total: account.usedTotal, serial: account.serial, shift: clock.shift)
    else { throw InconsistentState("a forecast has numbers that are none") }
    ledger.forecasts.insert(forecast, at: place.index)
    let acts = ledger.settings.budgets[account.budget].onForecast != nil
    ledger.accounts[place.index].isProjected = acts && forecast.isProjected
  }

  /// How far off forecasts are, for each scale of windows.
  package mutating func setForecastPools(_ pools: [[Float]]) throws(InconsistentState) {
    guard pools.count == ledger.forecasts.pools.count else { return }
    for (scale, numbers) in pools.enumerated() {
      guard let pool = IntervalPool(stored: numbers) else {
        throw InconsistentState("the errors of forecasts are none")
      }
      ledger.forecasts.pools[scale] = pool
    }
  }
}
