/// A copy of the whole ledger at one moment, to be written to disk outside the lock.
///
/// Tables are copied as memory; texts are not copied: rows point into pages that are written once, and the
/// capture holds those pages.
package struct LedgerCapture: @unchecked Sendable {
  package let moment: Moment
  /// The number of the last journal record that this state includes.
  package let sequence: UInt64
  /// Without anything that would let its reader act: reservations, remembered ids and their seed are left out.
  package private(set) var isRedacted = false
  package let labels: [String]
  package let scopes: [String]
  package let unpricedModels: [String]
  package let counters: LedgerCounters

  let budgets: [Budget]
  let series: [SeriesRow]
  let histograms: [DurationHistogram]
  let accounts: [Account]
  /// Empty places of `accounts` are not among these.
  let occupiedAccounts: [Int]
  let accountIdentities: [AccountIdentity]
  let rings: [Quantity]
  let budgetOverrides: [Int: LimitTerm]
  let accountTerms: [Int: AccountTerms]
  package let stoppedSubjects: [SubjectStop]
  let scopeCounters: [LookbackCounters]
  /// One for each of `scopeCounters`: the scope's number and the value; empty where nothing is.
  let scopeKeys: [UnsafeRawBufferPointer]
  let tallies: [BudgetTally]
  private(set) var reservations: [Reservation]
  private(set) var closedReservations: ArraySlice<UInt32>
  private(set) var duplicates: DuplicateFilter
  private(set) var pools: PoolTable
  package let savedEstimates: [SavedEstimate]
  package let estimateTally: EstimateTally
  package let activities: ActivityCapture
  private let pages: [BytePage]

  init(_ ledger: borrowing Ledger, now: Moment) {
    moment = now
    sequence = ledger.sequence
    labels = ledger.settings.labels
    scopes = ledger.settings.scopes
    unpricedModels = ledger.unpricedModels
    counters = ledger.counters
    budgets = ledger.settings.budgets
    series = ledger.series.rows.copy()
    histograms = ledger.series.histograms.copy()
    accounts = ledger.accounts.accounts.copy()
    var occupied: [Int] = []
    occupied.reserveCapacity(ledger.accounts.count)
    for index in 0..<ledger.accounts.limit where ledger.accounts.isOccupied(index) { occupied.append(index) }
    occupiedAccounts = occupied
    accountIdentities = ledger.accounts.identities
    rings = ledger.accounts.rings.copy()
    budgetOverrides = ledger.budgetOverrides
    accountTerms = ledger.accountTerms
    stoppedSubjects = ledger.stoppedSubjects
    scopeCounters = ledger.scopes.counters.copy()
    var keys: [UnsafeRawBufferPointer] = []
    keys.reserveCapacity(ledger.scopes.keys.limit)
    for index in 0..<ledger.scopes.keys.limit { keys.append(ledger.scopes.keys.key(index)) }
    scopeKeys = keys
    tallies = ledger.tallies.copy()
    reservations = ledger.reservations.slots.copy()
    closedReservations = ledger.reservations.closedSlots
    duplicates = ledger.duplicates
    pools = ledger.pools
    savedEstimates = ledger.estimates.saved()
    estimateTally = ledger.estimates.tally
    activities = ActivityCapture(ledger)
    pages = ledger.series.keys.pages + ledger.scopes.keys.pages + ledger.activities.keys.pages
  }

  /// The same capture for readers who may look but not act.
  package func redacted() -> LedgerCapture {
    var copy = self
    copy.isRedacted = true
    copy.reservations = []
    copy.closedReservations = []
    copy.duplicates = DuplicateFilter(capacity: 0, seed: 0)
    copy.pools = PoolTable(pools: [], mostAllocations: 1)
    return copy
  }
}

extension Ledger {
  /// Copies everything that must survive a restart. O(everything), without formatting and without an allocation
  /// for each row: what the lock is held for. Windows that have ended are turned first, as for a view.
  package mutating func capture(now: Moment) -> LedgerCapture {
    expireReservations(now: now)
    maintainPools(now: now)
    for index in 0..<accounts.limit where accounts.isOccupied(index) { turnIfDue(index, now: now) }
    return LedgerCapture(self, now: now)
  }
}
