// Usage that says when it happened (`|T…` on a line) counts in the windows of that time.
extension Ledger {
  /// The instant of a timestamp in seconds; `nil`, and counted as refused, when it lies in the future.
  mutating func pastInstant(_ seconds: Int64, now: Moment) -> Instant? {
    let instant = Instant(seconds: seconds)
    guard instant <= now.wall else {
      counters.count(.futureTimestamp)
      return nil
    }
    return instant
  }

  /// The steady clock's reading at a wall time in the past, as far as the two clocks agree now.
  func steady(at wall: Instant, now: Moment) -> Instant { now.steady - (now.wall - wall) }

  /// Adds use to the window it belongs to. Older than the current window, it counts in the total only.
  mutating func place(_ index: Int, _ amount: Quantity, at past: Instant, now: Moment) {
    turnIfDue(index, now: now)
    let budget = settings.budgets[accounts[index].budget]
    let isCurrent: Bool
    switch budget.window {
    case .rolling(let length):
      let bucket = RollingBuckets.number(at: steady(at: past, now: now), width: RollingBuckets.width(of: length))
      let age = accounts[index].bucket - bucket
      if age >= 0, age < Int64(RollingBuckets.count) {
        addLate(index, amount, bucket: bucket, now: now)
        return
      }
      isCurrent = age < 0
    case .fixed, .calendar:
      // A clock that was set back stands before the window: what it says is now is not an earlier window's.
      isCurrent = past >= accounts[index].windowStart || now.wall < accounts[index].windowStart
    case .lifetime: isCurrent = true
    }
    if isCurrent {
      charge(index, amount, now: now, cause: .unreserved)
    } else {
      accounts.addToTotal(amount, index)
    }
  }

  private mutating func addLate(_ index: Int, _ amount: Quantity, bucket: Int64, now: Moment) {
    // Charged to the current bucket, then moved to its own: crossings are told in one place.
    charge(index, amount, now: now, cause: .unreserved)
    accounts.settleBucket(index)
    let ring = accounts[index].ring
    accounts.rings[ring + accounts[index].bucketPlace] -= amount
    accounts.rings[ring + RollingBuckets.place(bucket)] += amount
  }
}
