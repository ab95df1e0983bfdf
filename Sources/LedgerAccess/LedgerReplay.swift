package import BudgetCore

/// Does again what a journal kept, on a ledger that nobody else has yet.
package struct LedgerReplay: ~Copyable {
  package var ledger: Ledger
  /// Reservations that could not be put back where they were, because the configuration has room for fewer now.
  package private(set) var misplaced = 0

  package init(_ ledger: consuming Ledger) { self.ledger = ledger }

  package mutating func apply(_ act: LedgerAct, at now: Moment) {
    ledger.followClock(now)
    while ledger.maintainForecasts(now: now) {}
    if !ledger.replay(act, now: now) { misplaced += 1 }
    forgetEvents()
  }

  /// - Parameter events: of lines that were counted together.
  package mutating func apply(_ events: UnsafeBufferPointer<UsageEvent>, at now: Moment) {
    ledger.followClock(now)
    while ledger.maintainForecasts(now: now) {}
    ledger.apply(events, now: now)
    forgetEvents()
  }

  /// They were told when they happened.
  private mutating func forgetEvents() {
    if ledger.hasEvents { _ = ledger.takeEvents() }
  }

  package consuming func finish(last: UInt64) -> Ledger {
    ledger.sequence = last
    return ledger
  }
}
