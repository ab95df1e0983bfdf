// Accounts find their budget by name and unit and their place by tags. What was used counts on in the window of
// now wherever it may still belong there: neither a restart nor another window renews a budget.
extension LedgerRestorer {
  package mutating func add(_ saved: SavedAccount) throws(InconsistentState) {
    try check(saved)
    places.append(nil)
    guard let budgetIndex = budgets[BudgetName(name: saved.budget, unit: saved.unit)] else {
      return warn(.budgetGone(name: saved.budget, unit: saved.unit))
    }
    let budget = ledger.settings.budgets[budgetIndex]
    var values: [String] = []
    for key in budget.per {
      guard let tag = saved.tags.first(where: { $0.key == key }) else {
        return warn(.useUnattributable(budget: budget.name, unit: budget.unit))
      }
      values.append(tag.value)
    }
    if saved.tags.count > budget.per.count { warn(.accountsMerged(budget: budget.name, unit: budget.unit)) }

    let count = ledger.accounts.count
    guard let index = ledger.account(of: budgetIndex, values: values, now: clock.now, creating: true) else { return }
    let isNew = ledger.accounts.count > count
    if ledger.accounts.identities[index].values != values {
      warn(.accountsFolded(budget: budget.name, unit: budget.unit))
    }
    ledger.accounts.settleBucket(index)
    let carried = carry(saved, into: index, rule: budget.window, isNew: isNew)
    places[places.count - 1] = AccountPlace(index: index, carried: carried)

    let total = StoredBounds.sum(ledger.accounts[index].usedTotal, max(0, saved.usedTotal))
    // Whatever a damaged file says: what was used in this window was used.
    let known = ledger.accounts[index].usedTotal
    ledger.accounts.addToTotal(max(total, ledger.accounts[index].used) - known, index)
    let shown = StoredBounds.sum(ledger.accounts[index].shownTotal, max(0, saved.shownTotal))
    ledger.accounts[index].shownTotal = shown
    ledger.accounts[index].level = max(ledger.accounts[index].level, saved.level)
    if saved.isStopped, budget.stopGrace != nil { ledger.accounts[index].isStopped = true }
    let lastUse = clock.past(saved.lastUse)
    ledger.accounts[index].lastUse = isNew ? lastUse : max(ledger.accounts[index].lastUse, lastUse)
    if case .lifetime(let idleExpiry?) = budget.window {
      ledger.accounts[index].turnsAt = turn(of: saved, lastUse: ledger.accounts[index].lastUse, idleExpiry).nanoseconds
    }
  }

  /// When an account that expires when idle is next looked at.
  private func turn(of saved: SavedAccount, lastUse: Instant, _ idleExpiry: Interval) -> Instant {
    let end = lastUse + idleExpiry
    guard case .lifetime(let turns) = saved.window, turns != .distantFuture else { return end }
    // It may have been renewed since its last use.
    return max(end, min(clock.steady(turns), clock.now.steady + idleExpiry))
  }

  private mutating func carry(_ saved: SavedAccount, into index: Int, rule: WindowRule, isNew: Bool)
    -> AccountPlace.Carried
  {
    switch rule {
    case .rolling:
      if isNew { ledger.accounts[index].windowStart = saved.windowStart }
      return carryIntoBuckets(saved, index)
    case .fixed, .calendar:
      return carryIntoPeriod(saved, index, rule: rule, isNew: isNew)
    case .lifetime:
      if case .lifetime = saved.window {} else { warn(.windowChanged(budget: saved.budget, unit: saved.unit)) }
      ledger.accounts[index].windowStart =
        isNew ? saved.windowStart : min(ledger.accounts[index].windowStart, saved.windowStart)
      use(saved.used, index)
      if case .rolling(let width, _, _) = saved.window {
        return .bucketsAfter(edge: .distantPast, oldest: saved.window.oldestBucket, width: width)
      }
      return .window(start: saved.windowStart)
    }
  }

  private mutating func use(_ amount: Quantity, _ index: Int) {
    let sum = StoredBounds.sum(ledger.accounts[index].used, max(0, amount))
    ledger.accounts[index].used = sum
  }

  // MARK: Rolling windows

  private mutating func carryIntoBuckets(_ saved: SavedAccount, _ index: Int) -> AccountPlace.Carried {
    guard case .rolling(let width, let newest, let amounts) = saved.window else {
      // When each part was used is unknown: none of it after the last use.
      warn(.windowChanged(budget: saved.budget, unit: saved.unit))
      let number = bucketNumber(at: clock.past(saved.lastUse), index)
      addToBucket(number, saved.used, index)
      return .bucket(windowStart: saved.windowStart, number: number)
    }
    if width != bucketWidth(index) { warn(.windowChanged(budget: saved.budget, unit: saved.unit)) }
    for (age, amount) in amounts.enumerated() where amount != 0 {
      let bucket = newest.saturatingSubtract(Int64(age))
      addToBucket(bucketNumber(at: end(ofStored: bucket, width: width), index), amount, index)
    }
    return .buckets(oldest: saved.window.oldestBucket, width: width)
  }

  private func bucketWidth(_ index: Int) -> Int64 {
    guard case .rolling(let length) = ledger.settings.budgets[ledger.accounts[index].budget].window else { return 1 }
    return RollingBuckets.width(of: length)
  }

  /// The last instant of a stored bucket, on the clock of now.
  private func end(ofStored bucket: Int64, width: Int64) -> Instant {
    let start = Instant(nanoseconds: bucket.saturatingMultiply(width))
    return clock.steady(start + Interval(nanoseconds: width - 1))
  }

  /// The account's bucket for use that happened no later than this; the one before all of them when it has left.
  private func bucketNumber(at steady: Instant, _ index: Int) -> Int64 {
    let current = ledger.accounts[index].bucket
    let number = RollingBuckets.number(at: steady, width: bucketWidth(index))
    return min(max(number, current.saturatingSubtract(Int64(RollingBuckets.count))), current)
  }

  private mutating func addToBucket(_ number: Int64, _ amount: Quantity, _ index: Int) {
    guard ledger.accounts[index].bucket.saturatingSubtract(number) < Int64(RollingBuckets.count) else { return }
    let place = ledger.accounts[index].ring + RollingBuckets.place(number)
    let before = ledger.accounts.rings[place]
    ledger.accounts.rings[place] = StoredBounds.sum(before, max(0, amount))
    // Only what the ring took counts, so that it can all leave again.
    use(ledger.accounts.rings[place] - before, index)
  }

  // MARK: Fixed and calendar windows

  private mutating func carryIntoPeriod(_ saved: SavedAccount, _ index: Int, rule: WindowRule, isNew: Bool)
    -> AccountPlace.Carried
  {
    let current = ledger.accounts[index].windowStart
    switch saved.window {
    case .period(let end) where rule.isPeriod(from: saved.windowStart, to: end):
      guard end > clock.now.wall else {
        if isNew { endedWindows[index] = (saved.used, end) }
        return .nothing
      }
      // A window that has not begun is kept when it is the next one. One that lies farther ahead was made by a
      // clock that was wrong: waiting for it would close the budget for good.
      if saved.windowStart > current, saved.windowStart <= ledger.accounts[index].windowEnd {
        ledger.accounts[index].windowStart = saved.windowStart
        ledger.accounts[index].windowEnd = end
        ledger.accounts[index].turnsAt = end.nanoseconds
      }
      use(saved.used, index)
      return .window(start: saved.windowStart)
    case .rolling(let width, let newest, let amounts):
      warn(.windowChanged(budget: saved.budget, unit: saved.unit))
      for (age, amount) in amounts.enumerated() {
        let bucket = newest.saturatingSubtract(Int64(age))
        if clock.wall(at: end(ofStored: bucket, width: width)) >= current { use(amount, index) }
      }
      return .bucketsAfter(edge: current, oldest: saved.window.oldestBucket, width: width)
    case .period, .lifetime:
      warn(.windowChanged(budget: saved.budget, unit: saved.unit))
      if case .period(let end) = saved.window, end <= current { return .nothing }
      guard clock.latestWall(at: saved.lastUse) >= current else { return .nothing }
      use(saved.used, index)
      return .window(start: saved.windowStart)
    }
  }

  // MARK: Marks of charges

  /// Where a charge of a stored account counts now, so that a late settle takes back what an expiry charged, and
  /// no more than is still counted.
  func mark(bucket: Int64, windowStart: Instant, in place: AccountPlace) -> WindowMark {
    let account = ledger.accounts[place.index]
    let gone = WindowMark(
      bucket: account.bucket.saturatingSubtract(Int64(RollingBuckets.count)), windowStart: .distantPast)
    switch place.carried {
    // What had left the stored window counts in no other.
    case .buckets(let oldest, _) where bucket < oldest: return gone
    case .bucketsAfter(_, let oldest, _) where bucket < oldest: return gone
    case .buckets(_, let width):
      return WindowMark(
        bucket: bucketNumber(at: end(ofStored: bucket, width: width), place.index), windowStart: account.windowStart)
    case .bucket(let start, let number):
      return start == windowStart ? WindowMark(bucket: number, windowStart: account.windowStart) : gone
    case .window(let start):
      return start == windowStart ? WindowMark(bucket: 0, windowStart: account.windowStart) : gone
    case .bucketsAfter(let edge, _, let width):
      let isCounted = clock.wall(at: end(ofStored: bucket, width: width)) >= edge
      return isCounted ? WindowMark(bucket: 0, windowStart: account.windowStart) : gone
    case .nothing:
      return gone
    }
  }

  private func check(_ saved: SavedAccount) throws(InconsistentState) {
    for quantity in [saved.used, saved.reserved, saved.usedTotal, saved.shownTotal]
    where !StoredBounds.isValid(quantity) {
      throw InconsistentState("an account of budget \(saved.budget) holds a number out of bounds")
    }
    guard case .rolling(let width, _, let amounts) = saved.window else { return }
    guard width > 0, amounts.count <= RollingBuckets.count, amounts.allSatisfy({ StoredBounds.isValid($0) }) else {
      throw InconsistentState("an account of budget \(saved.budget) has no valid rolling window")
    }
  }
}

extension WindowRule {
  /// Whether the rule has a window with exactly these edges.
  func isPeriod(from start: Instant, to end: Instant) -> Bool {
    switch self {
    case .fixed(let length):
      let width = max(1, length.nanoseconds)
      let number = RollingBuckets.number(at: start, width: width)
      return number.saturatingMultiply(width) == start.nanoseconds && start + length == end
    case .calendar(let rule): return rule.period(containing: start) == (start, end)
    case .rolling, .lifetime: return false
    }
  }
}
