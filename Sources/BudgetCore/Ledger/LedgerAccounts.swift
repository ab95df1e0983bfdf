// An account's life: born with its window, charged, turned when the window ends, watched for crossings.
extension Ledger {
  static func newAccount(_ budget: Budget, index: Int, ring: Int, now: Moment) -> Account {
    var account = Account(budget: index, axis: budget.window.axis, ring: ring, now: now)
    account.limit = budget.limit
    account.attention = Account.attention(after: .ok, limit: budget.limit, budget: budget)
    openWindow(of: &account, rule: budget.window, now: now)
    return account
  }

  /// Sets the window that contains `now`. Used amounts are the caller's.
  static func openWindow(of account: inout Account, rule: WindowRule, now: Moment) {
    switch rule {
    case .rolling(let length):
      let width = RollingBuckets.width(of: length)
      account.bucket = RollingBuckets.number(at: now.steady, width: width)
      account.turnsAt = (account.bucket.saturatingAdd(1)).saturatingMultiply(width)
    case .fixed(let length):
      let width = max(1, length.nanoseconds)
      let number = RollingBuckets.number(at: now.wall, width: width)
      account.windowStart = Instant(nanoseconds: number.saturatingMultiply(width))
      account.windowEnd = account.windowStart + length
      account.turnsAt = account.windowEnd.nanoseconds
    case .calendar(let rule):
      let period = rule.period(containing: now.wall)
      account.windowStart = period.start
      account.windowEnd = period.end
      account.turnsAt = period.end.nanoseconds
    case .lifetime(let idleExpiry):
      account.turnsAt = idleExpiry.map { (now.steady + $0).nanoseconds } ?? .max
    }
  }

  /// Adds use to an account. O(1), amortised over the turns of its window.
  @inline(__always)
  mutating func charge(_ index: Int, _ amount: Quantity, now: Moment, cause: BudgetTally.OvershootCause) {
    if accounts[index].isDue(now) { return turnAndCharge(index, amount, now: now, cause: cause) }
    if accounts[index].use(amount, at: now) { look(index, amount: amount, now: now, cause: cause) }
  }

  @inline(never)
  private mutating func turnAndCharge(
    _ index: Int, _ amount: Quantity, now: Moment, cause: BudgetTally.OvershootCause
  ) {
    turn(index, now: now)
    if accounts[index].use(amount, at: now) { look(index, amount: amount, now: now, cause: cause) }
  }

  @inline(__always)
  mutating func turnIfDue(_ index: Int, now: Moment) {
    if accounts[index].isDue(now) { turn(index, now: now) }
  }

  /// Moves an account whose boundary has passed into the window (or bucket) of `now`.
  @inline(never)
  private mutating func turn(_ index: Int, now: Moment) {
    let budget = settings.budgets[accounts[index].budget]
    let reading = now.reading(accounts[index].axis)
    let isTermOver = accounts[index].termsEnd <= reading
    if isTermOver { refreshLimit(index, now: now) }
    guard accounts[index].turnsAt <= reading else { return resumeLevel(index, now: now) }
    switch budget.window {
    case .rolling(let length):
      let width = RollingBuckets.width(of: length)
      let current = RollingBuckets.number(at: now.steady, width: width)
      let first = max(accounts[index].bucket + 1, current - Int64(RollingBuckets.count) + 1)
      var leaving: Quantity = 0
      accounts.settleBucket(index)
      let ring = accounts[index].ring
      for number in first...current {
        let place = ring + RollingBuckets.place(number)
        leaving += accounts.rings[place]
        accounts.rings[place] = 0
      }
      accounts[index].used -= leaving
      Self.openWindow(of: &accounts[index], rule: budget.window, now: now)
    case .fixed, .calendar:
      let (used, ended) = (accounts[index].used, accounts[index].windowEnd)
      accounts[index].used = 0
      accounts[index].isWindowOfStep = false
      Self.openWindow(of: &accounts[index], rule: budget.window, now: now)
      if budget.rollover != nil { rollOver(index, used: used, ended: ended, now: now) }
    case .lifetime(let idleExpiry):
      let end = idleExpiry.map { accounts[index].lastUse + $0 } ?? .distantFuture
      guard end <= now.steady else {
        accounts[index].turnsAt = end.nanoseconds
        if isTermOver { resumeLevel(index, now: now) }
        return
      }
      // Held, it lives on until the holds end, and is looked at each time.
      guard accounts[index].reserved == 0 else {
        if isTermOver { resumeLevel(index, now: now) }
        return
      }
      accounts[index].used = 0
      if accountTerms[index] != nil {
        accountTerms[index]?.topUps.removeAll { $0.until == nil }
        refreshLimit(index, now: now)
      }
      accounts[index].windowStart = now.wall
      Self.openWindow(of: &accounts[index], rule: budget.window, now: now)
    }
    // What was likely was so of the window that has ended; but who waits comes now, and is let in no faster.
    if !budget.window.hasBuckets, !hadToWait(index, now: now) { accounts[index].isProjected = false }
    if isTermOver { resumeLevel(index, now: now) } else { settleLevel(index, now: now) }
  }

  /// Carries unused limit into the window that has just opened. Windows that nobody looked at had no use: of several
  /// only the last counts.
  mutating func rollOver(_ index: Int, used: Quantity, ended: Instant, now: Moment) {
    accounts[index].rolledOver = rollover(index, used: ended == accounts[index].windowStart ? used : 0, now: now)
    refreshLimit(index, now: now)
  }

  /// Takes back a charge that was made at `mark`, as far as it still counts. The level is the caller's.
  mutating func refund(_ index: Int, _ amount: Quantity, mark: WindowMark, now: Moment) {
    turnIfDue(index, now: now)
    accounts.addToTotal(-amount, index)
    let ring = accounts[index].ring
    if ring >= 0 {
      guard accounts[index].bucket - mark.bucket < Int64(RollingBuckets.count) else { return }
      accounts.rings[ring + RollingBuckets.place(mark.bucket)] -= amount
      accounts[index].used -= amount
    } else if accounts[index].windowStart == mark.windowStart {
      accounts[index].used -= amount
    }
  }

  /// Where a charge made now lands, to find it again.
  func windowMark(_ index: Int) -> WindowMark {
    WindowMark(bucket: accounts[index].bucket, windowStart: accounts[index].windowStart)
  }

  // MARK: Crossings

  @inline(never)
  private mutating func look(_ index: Int, amount: Quantity, now: Moment, cause: BudgetTally.OvershootCause) {
    guard accounts[index].used >= accounts[index].attention else { return }
    crossed(index, amount: amount, now: now, cause: cause)
  }

  /// Tells every threshold that use has just passed, and counts what went past the limit.
  mutating func crossed(_ index: Int, amount: Quantity, now: Moment, cause: BudgetTally.OvershootCause) {
    let budget = settings.budgets[accounts[index].budget]
    let used = accounts[index].used
    if budget.throttleAt != nil, cause == .unreserved {
      // What was reserved took its time when it was granted.
      accounts[index].used -= amount
      pace(index, amount, now: now)
      accounts[index].used = used
    }
    let level = Account.level(used: used, limit: accounts[index].limit, warnAt: budget.warnAt)
    if level > accounts[index].level {
      for step in Account.Level.allCases where step > accounts[index].level && step <= level {
        tell(step == .warned ? .warn : step == .exhausted ? .exhausted : .exceeded, index, now: now)
      }
      accounts[index].level = level
    }
    if let limit = accounts[index].limit, used > limit {
      tallies[accounts[index].budget].overshoot[cause.rawValue] += min(amount, used - limit)
    }
    accounts[index].attention = Account.attention(after: level, limit: accounts[index].limit, budget: budget)
    if !accounts[index].isStopped, isPastGrace(index) {
      accounts[index].isStopped = true
      tell(.stop, index, now: now)
    }
  }

  /// Whether use has come to where the account is to be stopped.
  func isPastGrace(_ index: Int) -> Bool {
    guard let grace = settings.budgets[accounts[index].budget].stopGrace, let limit = accounts[index].limit else {
      return false
    }
    return accounts[index].used >= limit.saturatingAdd(grace)
  }

  /// Re-arms what use has fallen below.
  @inline(__always)
  mutating func settleLevel(_ index: Int, now: Moment) {
    // Nothing was crossed, and nothing will be before use comes to where it needs a look.
    if accounts[index].isCalm, accounts[index].used < accounts[index].attention { return }
    rearm(index, now: now)
  }

  @inline(never)
  private mutating func rearm(_ index: Int, now: Moment) {
    let budget = settings.budgets[accounts[index].budget]
    let level = Account.level(used: accounts[index].used, limit: accounts[index].limit, warnAt: budget.warnAt)
    let before = accounts[index].level
    // A limit of 0 is exhausted without any use: nobody crossed anything.
    let settled = min(level, before)
    if settled < .exhausted {
      accounts[index].isStopped = false
      if before >= .exhausted { tell(.resume, index, now: now) }
    }
    accounts[index].level = settled
    accounts[index].attention = Account.attention(after: settled, limit: accounts[index].limit, budget: budget)
  }

  mutating func tell(_ kind: BudgetEvent.Kind, _ index: Int, now: Moment) {
    let budget = settings.budgets[accounts[index].budget]
    tallies[accounts[index].budget].events[Int(kind.rawValue)] += 1
    let event = BudgetEvent(
      kind: kind, budget: budget.name, unit: budget.unit,
      tags: accounts.identities[index].tags,
      used: accounts[index].used, limit: accounts[index].limit, at: now.wall)
    post(.budget(event))
  }
}

/// The window (or bucket of a rolling one) that a charge was made in.
struct WindowMark: Hashable, Sendable {
  var bucket: Int64
  var windowStart: Instant
}
