// How long to wait: after that time the same request succeeds, if nothing else happens; and not before.
extension Ledger {
  /// `nil` when no waiting makes the demand fit. O(holds + buckets).
  func retryAfter(_ demand: Demand, now: Moment) -> Interval? {
    let budget = settings.budgets[demand.place.budget]
    let grace = budget.stopGrace ?? 0
    guard let limit = demand.limit, limit > 0, demand.amount <= limit.saturatingAdd(grace), demand.place.account >= 0
    else { return nil }
    let index = demand.place.account
    let holds = reservations.holds(on: index)
    let parts: [RetryForecast.Part]
    switch budget.window {
    case .rolling(let length): parts = rollingParts(index, holds, length: length, onExpiry: budget.onExpiry)
    case .fixed, .calendar: parts = periodParts(index, holds, budget: budget, now: now)
    case .lifetime(let idleExpiry):
      parts = lifetimeParts(index, holds, idleExpiry: idleExpiry, onExpiry: budget.onExpiry)
    }
    let account = accounts[index]
    var forecast = RetryForecast(
      parts: parts, used: account.used, total: account.used + account.reserved + demand.amount,
      isStopped: account.isStopped, limit: limit, grace: budget.stopGrace)
    let atOnce = forecast.wait(from: now.steady)
    // What tops a limit up may end before the wait does, what was rolled over ends with the window: past that only
    // the lasting limit counts.
    let lasting = lastingLimit(index, now: now) ?? limit
    guard let wait = atOnce, lasting != limit else { return atOnce }
    let end = account.axis == .wall ? account.boundary : account.termsEnd
    if end.saturatingSubtract(now.reading(account.axis)) > wait.nanoseconds { return wait }
    guard lasting > 0, demand.amount <= lasting.saturatingAdd(grace) else { return nil }
    forecast.limit = lasting
    return forecast.wait(from: now.steady)
  }

  private func rollingParts(
    _ index: Int, _ holds: [Reservation], length: Interval, onExpiry: Budget.ExpiryPolicy
  ) -> [RetryForecast.Part] {
    let width = RollingBuckets.width(of: length)
    let buckets = Int64(RollingBuckets.count)
    func leaving(bucket: Int64) -> Instant { Instant(nanoseconds: (bucket + buckets).saturatingMultiply(width)) }
    let account = accounts[index]
    var parts = (0..<buckets).map { age in
      let bucket = account.bucket - age
      return RetryForecast.Part(
        amount: accounts.rings[account.ring + RollingBuckets.place(bucket)], leaves: leaving(bucket: bucket))
    }
    parts[0].amount += account.unsettled
    for hold in holds {
      let bucket = RollingBuckets.number(at: hold.deadline, width: width)
      let isRefunded = onExpiry == .refund
      parts.append(
        RetryForecast.Part(
          amount: hold.amount(on: index), charged: isRefunded ? nil : hold.deadline,
          leaves: isRefunded ? hold.deadline : leaving(bucket: bucket)))
    }
    return parts
  }

  private func periodParts(_ index: Int, _ holds: [Reservation], budget: Budget, now: Moment)
    -> [RetryForecast.Part]
  {
    let account = accounts[index]
    /// The steady clock's reading at a wall time to come.
    func steady(_ wall: Instant) -> Instant { now.steady + (wall - now.wall) }
    var parts = [RetryForecast.Part(amount: account.used, leaves: steady(account.windowEnd))]
    for hold in holds {
      var leaves = hold.deadline
      let isCharged = budget.onExpiry == .charge
      if isCharged {
        let then = Moment(wall: now.wall + (hold.deadline - now.steady), steady: hold.deadline)
        var window = account
        // In the window that is open then: the present one, unless it has ended.
        if then.wall >= account.windowEnd { Self.openWindow(of: &window, rule: budget.window, now: then) }
        leaves = steady(window.windowEnd)
      }
      parts.append(
        RetryForecast.Part(
          amount: hold.amount(on: index), charged: isCharged ? hold.deadline : nil, leaves: leaves))
    }
    return parts
  }

  /// A lifetime ends when nothing was used for its idle time and nothing is held any more.
  private func lifetimeParts(
    _ index: Int, _ holds: [Reservation], idleExpiry: Interval?, onExpiry: Budget.ExpiryPolicy
  ) -> [RetryForecast.Part] {
    let account = accounts[index]
    let lastDeadline = holds.map(\.deadline).max() ?? account.lastUse
    guard onExpiry == .charge, let last = holds.last else {
      let end = idleExpiry.map { max(account.lastUse + $0, lastDeadline) }
      return [RetryForecast.Part(amount: account.used, leaves: end)]
        + holds.map { RetryForecast.Part(amount: $0.amount(on: index), charged: nil, leaves: $0.deadline) }
    }
    // Each hold is use when it ends. Only at the last one can the idle time have passed before it.
    let end = idleExpiry.map { lastDeadline + $0 }
    let usedBefore = holds.count > 1 ? holds[holds.count - 2].deadline : account.lastUse
    let startsAnew = idleExpiry.map { usedBefore + $0 <= lastDeadline } ?? false
    let earlier = holds.dropLast().reduce(account.used) { $0 + $1.amount(on: index) }
    return [
      RetryForecast.Part(amount: earlier, leaves: startsAnew ? lastDeadline : end),
      RetryForecast.Part(amount: last.amount(on: index), charged: lastDeadline, leaves: end),
    ]
  }
}
