// What a budget does when its limit will very likely be reached.
extension Ledger {
  private static let likelyChance = 0.7
  private static let unlikelyChance = 0.5

  /// Tells once that an account will very likely be exhausted, when two looks in a row say so, and lets its budget act
  /// on that until it is rather unlikely or the window turns.
  ///
  /// As long as somebody had to wait in the last minute, it goes on: use that is slowed down is no sign that less is
  /// wanted, and callers let go would spend at once what they saved up. Who comes no faster than what is left allows does
  /// not wait.
  mutating func actOnForecast(_ index: Int, _ place: Int, _ span: ForecastSpan, now: Moment) {
    let chance = forecast(index, place, span)?.exhaustionProbability ?? 0
    let wasLikely = forecasts[place].isLikely
    var isProjected = accounts[index].isProjected
    if chance < Self.unlikelyChance, !hadToWait(index, now: now) { isProjected = false }
    if chance > Self.likelyChance, wasLikely, !isProjected {
      isProjected = true
      if accounts[index].level < .exhausted { tell(.forecast, index, now: now) }
    }
    accounts[index].isProjected = isProjected
    forecasts[place].isProjected = isProjected
    forecasts[place].isLikely = chance > Self.likelyChance
  }

  /// Whether anybody was told to wait until a time that is not longer than the longest delay ago.
  func hadToWait(_ index: Int, now: Moment) -> Bool {
    accounts[index].pacedUntil > (now.steady - Self.longestDelay).nanoseconds
  }
}
