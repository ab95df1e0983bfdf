// How long to wait: after that time the same request succeeds, if nothing else happens; and not before.
extension Ledger {
  /// `nil` when no waiting makes the demand fit. O(holds + buckets).
  func retryAfter(_ demand: Demand, now: Moment) -> Interval? {
    let budget = settings.budgets[demand.place.budget]
    guard let limit = demand.limit, limit > 0, demand.amount <= limit, demand.place.account >= 0 else { return nil }
    let index = demand.place.account
    let holds = reservations.holds(on: index)
    let parts: [Part]
    switch budget.window {
    case .rolling(let length): parts = rollingParts(index, holds, length: length, onExpiry: budget.onExpiry)
    case .fixed, .calendar: parts = periodParts(index, holds, budget: budget, now: now)
    case .lifetime(let idleExpiry):
      parts = lifetimeParts(index, holds, idleExpiry: idleExpiry, onExpiry: budget.onExpiry)
    }
    let wanted = accounts[index].used + accounts[index].reserved + demand.amount
    let atOnce = wait(for: parts, excess: wanted - limit, now: now)
    // What tops a limit up may end before the wait does, what was rolled over ends with the window: past that only
    // the lasting limit counts.
    let lasting = lastingLimit(index, now: now) ?? limit
    guard let wait = atOnce, lasting != limit else { return atOnce }
    let account = accounts[index]
    let end = account.axis == .wall ? account.boundary : account.termsEnd
    if end.saturatingSubtract(now.reading(account.axis)) > wait.nanoseconds { return wait }
    guard lasting > 0, demand.amount <= lasting else { return nil }
    return self.wait(for: parts, excess: wanted - lasting, now: now)
  }

  /// A part of what is used or held, and when it leaves on the steady clock; `nil`: never.
  private struct Part {
    var amount: Quantity
    var leaves: Instant?
  }

  private func wait(for parts: [Part], excess: Quantity, now: Moment) -> Interval? {
    var excess = excess
    for part in parts.sorted(by: { ($0.leaves ?? .distantFuture) < ($1.leaves ?? .distantFuture) }) {
      guard let leaves = part.leaves else { return nil }
      excess -= part.amount
      if excess <= 0 { return max(.zero, leaves - now.steady) }
    }
    return nil
  }

  private func rollingParts(
    _ index: Int, _ holds: [Reservation], length: Interval, onExpiry: Budget.ExpiryPolicy
  ) -> [Part] {
    let width = RollingBuckets.width(of: length)
    let buckets = Int64(RollingBuckets.count)
    func leaving(bucket: Int64) -> Instant { Instant(nanoseconds: (bucket + buckets).saturatingMultiply(width)) }
    let account = accounts[index]
    var parts = (0..<buckets).map { age in
      let bucket = account.bucket - age
      return Part(
        amount: accounts.rings[account.ring + RollingBuckets.place(bucket)], leaves: leaving(bucket: bucket))
    }
    for hold in holds {
      let bucket = RollingBuckets.number(at: hold.deadline, width: width)
      parts.append(
        Part(amount: hold.amount(on: index), leaves: onExpiry == .refund ? hold.deadline : leaving(bucket: bucket)))
    }
    return parts
  }

  private func periodParts(_ index: Int, _ holds: [Reservation], budget: Budget, now: Moment) -> [Part] {
    let account = accounts[index]
    /// The steady clock's reading at a wall time to come.
    func steady(_ wall: Instant) -> Instant { now.steady + (wall - now.wall) }
    var parts = [Part(amount: account.used, leaves: steady(account.windowEnd))]
    for hold in holds {
      var leaves = hold.deadline
      if budget.onExpiry == .charge {
        let then = Moment(wall: now.wall + (hold.deadline - now.steady), steady: hold.deadline)
        var window = account
        // In the window that is open then: the present one, unless it has ended.
        if then.wall >= account.windowEnd { Self.openWindow(of: &window, rule: budget.window, now: then) }
        leaves = steady(window.windowEnd)
      }
      parts.append(Part(amount: hold.amount(on: index), leaves: leaves))
    }
    return parts
  }

  /// A lifetime ends when nothing was used for its idle time and nothing is held any more.
  private func lifetimeParts(
    _ index: Int, _ holds: [Reservation], idleExpiry: Interval?, onExpiry: Budget.ExpiryPolicy
  ) -> [Part] {
    let account = accounts[index]
    let lastDeadline = holds.map(\.deadline).max() ?? account.lastUse
    guard onExpiry == .charge, let last = holds.last else {
      let end = idleExpiry.map { max(account.lastUse + $0, lastDeadline) }
      return [Part(amount: account.used, leaves: end)]
        + holds.map { Part(amount: $0.amount(on: index), leaves: $0.deadline) }
    }
    // Each hold is use when it ends. Only at the last one can the idle time have passed before it.
    let end = idleExpiry.map { lastDeadline + $0 }
    let usedBefore = holds.count > 1 ? holds[holds.count - 2].deadline : account.lastUse
    let startsAnew = idleExpiry.map { usedBefore + $0 <= lastDeadline } ?? false
    let earlier = holds.dropLast().reduce(account.used) { $0 + $1.amount(on: index) }
    return [
      Part(amount: earlier, leaves: startsAnew ? lastDeadline : end),
      Part(amount: last.amount(on: index), leaves: end),
    ]
  }
}

extension Interval {
  static func + (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: left.nanoseconds.saturatingAdd(right.nanoseconds))
  }
}
