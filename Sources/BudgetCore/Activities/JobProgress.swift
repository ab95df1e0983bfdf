/// How far a job is, and what the rest of it will take if it goes on as it went so far.
package struct JobProgress: Sendable {
  package var name: String
  /// Items done. There may be more than were declared.
  package var done: Int64 = 0
  /// Declared items; `nil` when nobody said how many there are.
  package var total: Int64?
  package var tokens: Int64 = 0
  /// Picodollars.
  package var cost: Quantity = 0
  package var requests: Int64 = 0
  /// The first and the last use; `nil` before the first.
  package var began: Instant?
  package var lastUse: Instant?
  /// From the first use to the last, on the steady clock.
  package var elapsed = Interval.zero
  /// What the budgets still pay for; `nil` when no limit is known to bind, or no item is done yet.
  package var affordable: AffordableItems?

  package init(name: String, total: Int64?) {
    self.name = name
    self.total = total
  }

  /// Done items in millionths of the declared ones, rounded down: a million only when all are done.
  package var doneMillionths: Quantity? {
    total.flatMap { Proportion.floor(Quantity(done), times: 1_000_000, over: Quantity($0)) }
  }

  package var itemsPerSecond: Double? {
    done > 0 && elapsed > .zero ? Double(done) / elapsed.inSeconds : nil
  }

  package var tokensPerItem: Double? { done > 0 ? Double(tokens) / Double(done) : nil }

  /// Picodollars, rounded down.
  package var costPerItem: Quantity? { done > 0 ? cost / Quantity(done) : nil }

  /// What the items that are left will take, each rounded up; `nil` without a declared number of items.
  package var rest: Rest? {
    guard let total else { return nil }
    let items = max(0, total.saturatingSubtract(done))
    func share(_ amount: Quantity) -> Quantity? {
      items == 0 ? 0 : Proportion.ceil(amount, times: Quantity(items), over: Quantity(done))
    }
    let time = elapsed > .zero || items == 0 ? share(Quantity(elapsed.nanoseconds)) : nil
    return Rest(
      items: items, tokens: share(Quantity(tokens)), cost: share(cost),
      time: time.map { Interval(nanoseconds: Int64(clamping: $0)) })
  }

  /// Each `nil` as long as no item is done that would tell.
  package struct Rest: Hashable, Sendable {
    package var items: Int64
    package var tokens: Quantity?
    /// Picodollars.
    package var cost: Quantity?
    package var time: Interval?
  }
}

/// How many further items one account pays for until its window turns: the account that pays for the fewest.
package struct AffordableItems: Sendable {
  package var items: Quantity
  package var account: AccountStatus
}
