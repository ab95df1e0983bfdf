/// One account as it is stored: named by its budget and tags, so that it finds its way into a changed configuration.
package struct SavedAccount: Hashable, Sendable {
  package enum Window: Hashable, Sendable {
    /// Buckets of `width` nanoseconds on the steady clock: `newest` is the number of the one that fills,
    /// `amounts` starts with it and goes back in time.
    case rolling(width: Int64, newest: Int64, amounts: [Quantity])
    /// A fixed or calendar window that ends at this wall time.
    case period(end: Instant)
    /// `turns`: when it is next looked at, on the steady clock; `distantFuture` when it never ends.
    case lifetime(turns: Instant)
  }

  package var budget: String
  package var unit: BudgetUnit
  /// The budget's `per` tags, in their order.
  package var tags: [Tag]
  package var window: Window
  /// On the wall clock: the start of a fixed or calendar window, otherwise the account's birth or last renewal.
  package var windowStart: Instant
  package var used: Quantity
  /// Held when it was stored. Holds are restored from the reservations; this is for readers of the file.
  package var reserved: Quantity
  package var usedTotal: Quantity
  package var shownTotal: Quantity
  package var level: Account.Level
  package var isStopped = false
  /// On the steady clock.
  package var lastUse: Instant

  package init(
    budget: String, unit: BudgetUnit, tags: [Tag], window: Window, windowStart: Instant, used: Quantity,
    reserved: Quantity, usedTotal: Quantity, shownTotal: Quantity, level: Account.Level, lastUse: Instant
  ) {
    self.budget = budget
    self.unit = unit
    self.tags = tags
    self.window = window
    self.windowStart = windowStart
    self.used = used
    self.reserved = reserved
    self.usedTotal = usedTotal
    self.shownTotal = shownTotal
    self.level = level
    self.lastUse = lastUse
  }
}
