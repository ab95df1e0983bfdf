// How long to wait: after that time the same request succeeds, if nothing else happens.
extension Ledger {
  /// `nil` when no waiting makes the demand fit.
  func retryAfter(_ demand: Demand, now: Moment) -> Interval? {
    let account = accounts[demand.account]
    let budget = settings.budgets[account.budget]
    guard let limit = budget.limit, limit > 0, demand.amount <= limit else { return nil }
    if account.reserved.saturatingAdd(demand.amount) <= limit {
      return freedByWindow(account, budget: budget, room: limit - account.reserved - demand.amount, now: now)
    }
    // Holds stand in the way. All of them have ended at the last deadline, and what they then charged
    // has left when the window has turned once more.
    guard let deadline = reservations.lastDeadline(on: demand.account) else { return nil }
    let wait = deadline - now.steady
    if budget.onExpiry == .refund, account.used.saturatingAdd(demand.amount) <= limit { return wait }
    switch budget.window {
    case .rolling(let length):
      let width = RollingBuckets.width(of: length)
      return wait + Interval(nanoseconds: width.saturatingMultiply(Int64(RollingBuckets.count)))
    case .fixed(let length):
      let number = RollingBuckets.number(at: now.wall + wait, width: max(1, length.nanoseconds))
      return Instant(nanoseconds: (number + 1).saturatingMultiply(length.nanoseconds)) - now.wall
    case .calendar(let rule):
      return rule.period(containing: now.wall + wait).end - now.wall
    case .lifetime(let idleExpiry):
      return idleExpiry.map { wait + $0 }
    }
  }

  /// When the window has let go of enough that at most `room` is used.
  private func freedByWindow(_ account: Account, budget: Budget, room: Quantity, now: Moment) -> Interval? {
    switch budget.window {
    case .rolling(let length):
      let width = RollingBuckets.width(of: length)
      var used = account.used
      for age in stride(from: Int64(RollingBuckets.count) - 1, through: 0, by: -1) {
        let bucket = account.bucket - age
        used -= accounts.rings[account.ring + RollingBuckets.place(bucket)]
        guard used <= room else { continue }
        let leaves = Instant(nanoseconds: (bucket + Int64(RollingBuckets.count)).saturatingMultiply(width))
        return leaves - now.steady
      }
      return nil
    case .fixed, .calendar:
      return account.windowEnd - now.wall
    case .lifetime(let idleExpiry):
      return idleExpiry.map { (account.lastUse + $0) - now.steady }
    }
  }
}

extension Interval {
  static func + (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: left.nanoseconds.saturatingAdd(right.nanoseconds))
  }
}
