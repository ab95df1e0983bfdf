package import BudgetCore

/// Does again what a journal kept, on a ledger that nobody else has yet.
package struct LedgerReplay: ~Copyable {
  /// Without the lines that are still to be counted, unless it is watched.
  package var ledger: Ledger
  /// Reservations that could not be put back where they were, because the configuration has room for fewer now.
  package private(set) var misplaced = 0
  private var sums = UsageSums()
  private let isWatched: Bool

  /// - Parameter isWatched: whether somebody looks at the ledger between acts. Otherwise lines are added up before they
  ///   are counted, which leads to the same in a fraction of the time.
  package init(_ ledger: consuming Ledger, isWatched: Bool = true) {
    self.ledger = ledger
    self.isWatched = isWatched
  }

  package mutating func apply(_ act: LedgerAct, at now: Moment) {
    sums.count(in: &ledger)
    ledger.followClock(now)
    while ledger.maintainForecasts(now: now) {}
    if !ledger.replay(act, now: now) { misplaced += 1 }
    forgetEvents()
  }

  /// - Parameter lines: that were counted together.
  package mutating func apply(_ lines: UsageBatch, at now: Moment) {
    sums.add(lines, at: now, to: &ledger)
    if isWatched { sums.count(in: &ledger) }
  }

  /// They were told when they happened.
  private mutating func forgetEvents() {
    if ledger.hasEvents { _ = ledger.takeEvents() }
  }

  package consuming func finish(last: UInt64) -> Ledger {
    sums.count(in: &ledger)
    ledger.sequence = last
    return ledger
  }
}
