package import BudgetCore
import JSONText
import UsageProtocol

/// Does again what a journal kept, on a ledger that nobody else has yet.
package struct LedgerReplay: ~Copyable {
  package var ledger: Ledger
  private let plain: LineParser
  private let mixed: LineParser
  private var batch = EventBatch(capacity: LineIntake.batchSize)
  /// Reservations that could not be put back where they were, because the configuration has room for fewer now.
  package private(set) var misplaced = 0

  package init(_ ledger: consuming Ledger) {
    plain = LineParser(seed: ledger.seed, acceptsObjects: false)
    mixed = LineParser(seed: ledger.seed, acceptsObjects: true)
    self.ledger = ledger
  }

  package mutating func apply(_ act: LedgerAct, at now: Moment) {
    ledger.followClock(now)
    while ledger.maintainForecasts(now: now) {}
    if !ledger.replay(act, now: now) { misplaced += 1 }
    forgetEvents()
  }

  /// - Parameter lines: as they came in one batch.
  package mutating func apply(lines: UnsafeRawBufferPointer, acceptsObjects: Bool, at now: Moment) {
    let parser = acceptsObjects ? mixed : plain
    _ = parser.parse(lines, into: &batch)
    ledger.followClock(now)
    while ledger.maintainForecasts(now: now) {}
    ledger.apply(batch.events, now: now)
    for line in batch.objects {
      guard let value = try? JSONValue.parse(line), let object = try? UsageObject(value) else { continue }
      _ = ledger.record(object, now: now)
    }
    _ = batch.takeTally()
    batch.removeAll()
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
