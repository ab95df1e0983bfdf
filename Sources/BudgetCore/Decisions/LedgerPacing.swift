// Slowing down before denying: the delay that makes what is left last.
//
// Once `throttle_at` of the limit is used and held, or a budget with `on_forecast: throttle` will very likely be exhausted, every grant of q takes q x T / R of the time that remains, where R is
// what remains of the limit and T the time to the window's end: callers who come no faster than R / T, the rate that
// lands on the limit, are not delayed at all. This is the generic cell rate algorithm (ITU-T I.371, virtual scheduling) with an increment that
// follows the remainder; one account paces all its callers together.
extension Ledger {
  /// No caller is asked to wait longer.
  package static let longestDelay = Interval.seconds(60)

  /// How long the caller of a demand that fits should wait before it spends.
  func delay(of demand: Demand, now: Moment) -> Interval {
    guard demand.place.account >= 0, isPaced(demand.place.account) else { return .zero }
    let until = accounts[demand.place.account].pacedUntil
    return max(.zero, Instant(nanoseconds: until) - now.steady)
  }

  /// Whether so much is used and held that what is granted now is paced.
  private func isPaced(_ index: Int) -> Bool {
    let budget = settings.budgets[accounts[index].budget]
    if accounts[index].isProjected, budget.onForecast == .throttle { return budget.mode == .enforce }
    guard let throttleAt = budget.throttleAt, budget.mode == .enforce, let limit = accounts[index].limit else {
      return false
    }
    return accounts[index].used + accounts[index].reserved >= throttleAt.threshold(of: limit)
  }

  /// Takes the time that an amount stands for at the sustainable pace; to be called before it is used or held.
  mutating func pace(_ index: Int, _ amount: Quantity, now: Moment) {
    guard amount > 0, isPaced(index), let limit = accounts[index].limit else { return }
    let budget = settings.budgets[accounts[index].budget]
    let left: Interval
    let supply: Quantity
    switch budget.window {
    case .rolling(let length):
      // What leaves comes back all the time: a whole limit in a whole window.
      (left, supply) = (length, limit)
    case .fixed, .calendar:
      (left, supply) = (
        max(.zero, accounts[index].windowEnd - now.wall), limit - accounts[index].used - accounts[index].reserved
      )
    case .lifetime: return
    }
    let time =
      supply > 0
      ? Int64(clamping: amount.saturatingMultiply(Quantity(left.nanoseconds)) / supply) : Self.longestDelay.nanoseconds
    let start = max(accounts[index].pacedUntil, now.steady.nanoseconds)
    accounts[index].pacedUntil = min(start.saturatingAdd(time), (now.steady + Self.longestDelay).nanoseconds)
  }
}

extension Priority {
  /// How long work of this priority waits where normal work waits so long: critical work not at all, high work half of it,
  /// low work twice as long.
  func wait(of normal: Interval) -> Interval {
    switch self {
    case .critical: .zero
    case .high: Interval(nanoseconds: normal.nanoseconds / 2)
    case .normal: normal
    case .low: Interval(nanoseconds: normal.nanoseconds.saturatingMultiply(2))
    }
  }
}
