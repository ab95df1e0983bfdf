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
  let accountIdentities: AccountNames
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
  let estimates: EstimateCapture
  package let estimateTally: EstimateTally
  package let activities: ActivityCapture
  let forecasts: [AccountForecast]
  /// For each place of `accounts` where its forecast is; negative without.
  let forecastPlaces: [Int32]
  package let forecastPools: [IntervalPool]
  private let pages: [BytePage]

  init(_ ledger: borrowing Ledger, now: Moment, room: inout CaptureRoom) {
    moment = now
    sequence = ledger.sequence
    labels = ledger.settings.labels
    scopes = ledger.settings.scopes
    unpricedModels = ledger.unpricedModels
    counters = ledger.counters
    budgets = ledger.settings.budgets
    ledger.series.rows.copy(into: &room.series)
    series = room.series
    ledger.series.histograms.copy(into: &room.histograms)
    histograms = room.histograms
    ledger.accounts.accounts.copy(into: &room.accounts)
    accounts = room.accounts
    var occupied: [Int] = []
    occupied.reserveCapacity(ledger.accounts.count)
    for index in 0..<ledger.accounts.limit where ledger.accounts.isOccupied(index) { occupied.append(index) }
    occupiedAccounts = occupied
    accountIdentities = ledger.accounts.identities
    ledger.accounts.rings.copy(into: &room.rings)
    rings = room.rings
    budgetOverrides = ledger.budgetOverrides
    accountTerms = ledger.accountTerms
    stoppedSubjects = ledger.stoppedSubjects
    ledger.scopes.counters.copy(into: &room.scopeCounters)
    scopeCounters = room.scopeCounters
    var keys: [UnsafeRawBufferPointer] = []
    keys.reserveCapacity(ledger.scopes.keys.limit)
    for index in 0..<ledger.scopes.keys.limit { keys.append(ledger.scopes.keys.key(index)) }
    scopeKeys = keys
    tallies = ledger.tallies.copy()
    reservations = ledger.reservations.slots.copy()
    closedReservations = ledger.reservations.closedSlots
    duplicates = ledger.duplicates
    pools = ledger.pools
    estimates = EstimateCapture(ledger.estimates, into: &room.distributions)
    estimateTally = ledger.estimates.tally
    activities = ActivityCapture(ledger)
    forecasts = ledger.forecasts.forecasts.copy()
    forecastPlaces = ledger.forecasts.places
    forecastPools = ledger.forecasts.pools
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
    var room = CaptureRoom()
    return capture(now: now, room: &room)
  }

  /// - Parameter room: memory for it, made before; it becomes the capture's.
  package mutating func capture(now: Moment, room: inout CaptureRoom) -> LedgerCapture {
    expireReservations(now: now)
    maintainPools(now: now)
    for index in 0..<accounts.limit where accounts.isOccupied(index) { turnIfDue(index, now: now) }
    return LedgerCapture(self, now: now, room: &room)
  }
}
