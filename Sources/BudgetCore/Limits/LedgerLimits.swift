// Effective limits: what an account may use is its budget's limit, or an override of it, plus what was rolled over
// from the window before, plus top-ups. It is computed when one of these changes and cached in the account, so that
// counting a line compares with one number whatever the limit is made of.
extension Ledger {
  /// No limit is larger, so that sums of limits stay inside `Quantity`.
  static let largestLimit: Quantity = 1 << 100

  /// The limit of accounts without terms of their own; `nil` is unlimited.
  func budgetLimit(_ budget: Int, axis: Account.Axis, reading: Int64) -> Quantity? {
    guard let term = budgetOverrides[budget], term.end(on: axis) > reading else {
      return settings.budgets[budget].limit
    }
    return term.amount
  }

  func budgetLimit(_ budget: Int, now: Moment) -> Quantity? {
    let axis = settings.budgets[budget].window.axis
    return budgetLimit(budget, axis: axis, reading: now.reading(axis))
  }

  /// The account's limit without what was rolled over and topped up.
  func baseLimit(_ index: Int, now: Moment) -> Quantity? {
    let (budget, axis) = (accounts[index].budget, accounts[index].axis)
    let reading = now.reading(axis)
    if let term = accountTerms[index]?.override, term.end(on: axis) > reading { return term.amount }
    return budgetLimit(budget, axis: axis, reading: reading)
  }

  /// Computes the effective limit anew; levels are the caller's. O(top-ups of the account).
  mutating func refreshLimit(_ index: Int, now: Moment) {
    let (budget, axis) = (accounts[index].budget, accounts[index].axis)
    let reading = now.reading(axis)
    var end = Int64.max
    if var terms = accountTerms[index] {
      terms.removeEnded(axis: axis, reading: reading)
      accountTerms[index] = terms.isEmpty ? nil : terms
      for term in terms.topUps + [terms.override].compactMap({ $0 }) { end = min(end, term.end(on: axis)) }
    }
    if let term = budgetOverrides[budget], term.end(on: axis) > reading { end = min(end, term.end(on: axis)) }
    var limit = baseLimit(index, now: now)
    if let base = limit {
      let toppedUp = accountTerms[index]?.topUps.reduce(0) { $0 + ($1.amount ?? 0) } ?? 0
      limit = base + carriedOver(index, into: base) + toppedUp
    }
    accounts[index].limit = limit
    accounts[index].termsEnd = end
    accounts[index].attention = Account.attention(
      after: accounts[index].level, limit: limit, budget: settings.budgets[budget])
  }

  /// What was rolled over, as far as it is within the share of this limit: it may have been set lower since.
  private func carriedOver(_ index: Int, into base: Quantity) -> Quantity {
    guard let share = settings.budgets[accounts[index].budget].rollover else { return 0 }
    return min(accounts[index].rolledOver, share.floor(of: base))
  }

  /// What rolls into a window from the one before it: the share of the limit that was left unused, at most
  /// `max` of the limit. What had itself been rolled over or topped up does not roll again, so that no window
  /// allows more than limit x (1 + max) of its own.
  func rollover(_ index: Int, used: Quantity, now: Moment) -> Quantity {
    guard let share = settings.budgets[accounts[index].budget].rollover, let base = baseLimit(index, now: now) else {
      return 0
    }
    return min(share.floor(of: base), max(0, base - used))
  }

  /// The limit that stays when everything with an end has ended: what waiting can count on.
  func lastingLimit(_ index: Int, now: Moment) -> Quantity? {
    guard let base = baseLimit(index, now: now) else { return nil }
    let without = settings.budgets[accounts[index].budget].limit ?? base
    let lasting = accountTerms[index]?.topUps.reduce(0) { $1.until == nil ? $0 + ($1.amount ?? 0) : $0 } ?? 0
    return (accounts[index].termsEnd == .max ? base : min(base, without)) + lasting
  }

  /// Whether an account without use must stay, because its limit is not what a new one would have.
  func hasOwnLimit(_ index: Int, now: Moment) -> Bool {
    let account = accounts[index]
    if accountTerms[index] != nil { return true }
    guard account.rolledOver > 0 else { return false }
    // What an idle account rolls over is kept through one more window; after that it is as good as new.
    let length = account.windowEnd - account.windowStart
    return now.steady - account.lastUse <= length + length
  }
}

extension Moment {
  func reading(_ axis: Account.Axis) -> Int64 { (axis == .steady ? steady : wall).nanoseconds }
}

extension Ratio {
  /// The largest quantity that is no more than this share of `limit`.
  func floor(of limit: Quantity) -> Quantity {
    let (whole, rest) = limit.quotientAndRemainder(dividingBy: 1_000_000)
    return whole.saturatingMultiply(Quantity(millionths)) + rest * Quantity(millionths) / 1_000_000
  }
}
