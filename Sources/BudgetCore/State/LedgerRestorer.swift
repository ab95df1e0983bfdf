/// Makes a ledger of stored state, row by row, under a configuration that may have changed since.
///
/// Rows may come in any order but for one: accounts before reservations. A row that cannot be is refused with
/// `InconsistentState`; the half-made ledger is then thrown away with the restorer. Nothing in a row, however
/// wrong, ends the process.
package struct LedgerRestorer: ~Copyable {
  var ledger: Ledger
  var report: RestoreReport
  let clock: ResumedClock
  /// The labels that stored series were rendered with are those of now.
  let hasSameLabels: Bool
  let rendered: RenderedLabels
  /// The labels of the series that take what has no place of its own, of every kind of token.
  let overflowTexts: Set<[UInt8]>
  let budgets: [BudgetName: Int]
  /// Where each stored account went; `nil` when it was dropped.
  var places: [AccountPlace?] = []
  /// Windows of accounts that ended while nobody ran: what was used in them, and when they ended.
  var endedWindows: [Int: (used: Quantity, end: Instant)] = [:]
  var slots: [Reservation] = []
  var closed: [UInt32] = []

  struct BudgetName: Hashable {
    var name: String
    var unit: BudgetUnit
  }

  /// - Parameters:
  ///   - seed: the hash seed of this process, as for a new ledger.
  ///   - captured: when the state was stored, on the clocks of then.
  ///   - labels: the labels of stored series.
  package init(
    settings: LedgerSettings, seed: UInt64, captured: Moment, sequence: UInt64, labels: [String], now: Moment
  ) {
    ledger = Ledger(settings: settings, seed: seed)
    ledger.sequence = sequence
    report = RestoreReport(captured: captured, sequence: sequence)
    clock = ResumedClock(captured: captured, now: now)
    hasSameLabels = labels == settings.labels
    rendered = RenderedLabels(names: settings.labels)
    let kinds = TokenKind.named.map { Optional($0.name) } + [nil, Ledger.overflowValue]
    var texts: Set<[UInt8]> = []
    for kind in kinds { texts.insert(ledger.overflowLabels(tokenType: kind)) }
    overflowTexts = texts
    var budgets: [BudgetName: Int] = [:]
    for (index, budget) in settings.budgets.enumerated() {
      budgets[BudgetName(name: budget.name, unit: budget.unit)] = index
    }
    self.budgets = budgets
    if clock.shift != .zero { report.warnings[.clockWasSet(clock.shift)] = 1 }
  }

  mutating func warn(_ warning: RestoreWarning) { report.warnings[warning, default: 0] += 1 }

  package mutating func noteRedacted() { warn(.redacted) }

  /// The ledger as of now: windows that ended have turned, levels follow the limits, overdue holds have expired.
  package consuming func finish() -> RestoredLedger {
    let now = clock.now
    ledger.reservations = ReservationTable(
      capacity: ledger.settings.bounds.maxReservations, slots: slots, closed: closed)
    for index in 0..<ledger.accounts.limit where ledger.accounts.isOccupied(index) {
      if ledger.settings.budgets[ledger.accounts[index].budget].rollover != nil, let ended = endedWindows[index] {
        ledger.rollOver(index, used: ended.used, ended: ended.end, now: now)
      }
      ledger.turnIfDue(index, now: now)
      ledger.resumeLevel(index, now: now)
    }
    ledger.expireReservations(now: now)
    report.series = ledger.seriesCount
    report.accounts = ledger.accountCount
    report.openReservations = ledger.openReservations
    return RestoredLedger(ledger: ledger, report: report)
  }
}

/// A ledger that was made of stored state, and what became of it.
package struct RestoredLedger: ~Copyable {
  package var ledger: Ledger
  package let report: RestoreReport

  package consuming func take() -> Ledger { ledger }
}

extension Ledger {
  /// Brings the level to what the limit of now makes of the use. A crossing that was told before is not told again.
  mutating func resumeLevel(_ index: Int, now: Moment) {
    settleLevel(index, now: now)
    let account = accounts[index]
    let budget = settings.budgets[account.budget]
    // Without any use nobody crossed anything, even where the limit is 0.
    guard account.used > 0 else { return }
    let level = Account.level(used: account.used, limit: account.limit, warnAt: budget.warnAt)
    guard level > account.level || isPastGrace(index) && !account.isStopped else { return }
    crossed(index, amount: 0, now: now, cause: .unreserved)
  }
}
