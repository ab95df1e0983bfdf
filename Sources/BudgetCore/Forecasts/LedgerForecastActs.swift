// What a budget does when its limit will very likely be reached.
extension Ledger {
  private static let likelyChance = 0.7
  private static let unlikelyChance = 0.5

  /// Tells once that an account will very likely be exhausted, when two looks in a row say so, and lets its budget act
  /// on that until the window turns, or it is rather unlikely again and nobody has to wait any more: use that is slowed
  /// down is no sign that less is wanted, and callers let go would spend at once what they saved up.
  mutating func actOnForecast(_ index: Int, _ place: Int, _ span: ForecastSpan, now: Moment) {
    let chance = forecast(index, place, span)?.exhaustionProbability ?? 0
    let wasLikely = forecasts[place].isLikely
    forecasts[place].isLikely = chance > Self.likelyChance
    let mustWait = accounts[index].pacedUntil > now.steady.nanoseconds
    if chance < Self.unlikelyChance, !mustWait { forecasts[place].isProjected = false }
    if chance > Self.likelyChance, wasLikely, !forecasts[place].isProjected {
      forecasts[place].isProjected = true
      if accounts[index].level < .exhausted { tell(.forecast, index, now: now) }
    }
    accounts[index].isProjected = forecasts[place].isProjected
  }
}
