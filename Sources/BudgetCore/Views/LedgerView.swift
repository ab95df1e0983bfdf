/// A copy of the ledger's numbers at one moment, to be formatted outside the lock.
///
/// Texts are not copied: the rows point into pages that are written once, and the view holds those pages.
package struct LedgerView: @unchecked Sendable {
  package struct AccountRow {
    package let account: Account
    /// Where it is going; `nil` for accounts that are not forecast.
    package internal(set) var outlook: BudgetOutlook?
    /// Its place among the accounts.
    fileprivate let place: Int
    fileprivate let start: UnsafeRawPointer
    fileprivate let length: Int

    /// `budget="…",unit="…",window="…",agent="…"`
    package var labels: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: length) }
  }

  package struct ScopeRow {
    /// Index of the scope in the settings.
    package let scope: Int
    fileprivate let start: UnsafeRawPointer
    fileprivate let length: Int
    /// One for each of `LookbackCounters.Lookback`.
    package let used: InlineArray<4, LookbackCounters.Totals>

    package var value: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: length) }
  }

  /// What the numbers were counted under: indices of budgets and scopes mean these.
  package let settings: LedgerSettings
  package let series: [SeriesRow]
  package let histograms: [DurationHistogram]
  package internal(set) var accounts: [AccountRow]
  package let scopes: [ScopeRow]
  package let tallies: [BudgetTally]
  package let counters: LedgerCounters
  package let seriesCount: Int
  package let accountCount: Int
  package let openReservations: Int
  package internal(set) var pools: [PoolReport] = []
  package internal(set) var activities = ActivityReport()
  /// Subjects that are stopped.
  package internal(set) var stopCount = 0
  package let estimateTally: EstimateTally
  package let estimateCount: Int
  private let pages: [BytePage]

  fileprivate init(
    settings: LedgerSettings, series: [SeriesRow], histograms: [DurationHistogram], accounts: [AccountRow],
    scopes: [ScopeRow],
    tallies: [BudgetTally], counters: LedgerCounters, seriesCount: Int, openReservations: Int, pages: [BytePage],
    estimateTally: EstimateTally, estimateCount: Int
  ) {
    self.settings = settings
    self.series = series
    self.histograms = histograms
    self.accounts = accounts
    self.scopes = scopes
    self.tallies = tallies
    self.counters = counters
    self.seriesCount = seriesCount
    self.accountCount = accounts.count
    self.openReservations = openReservations
    self.pages = pages
    self.estimateTally = estimateTally
    self.estimateCount = estimateCount
  }
}

extension SeriesRow {
  /// The series' labels, while the view that this row came from lives.
  package var labelText: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: labels, count: Int(labelsLength)) }
}

extension Ledger {
  /// Notes what counters show now: they never go back from there, whatever is refunded.
  mutating func showCounters(now: Moment) {
    expireReservations(now: now)
    for index in 0..<accounts.limit where accounts.isOccupied(index) {
      show(index, now: now)
    }
  }

  private mutating func show(_ index: Int, now: Moment) {
    turnIfDue(index, now: now)
    accounts[index].shownTotal = max(accounts[index].shownTotal, accounts[index].usedTotal)
  }

  /// Copies what `/metrics` shows. O(series + accounts + scope values), without formatting anything.
  package mutating func view(now: Moment) -> LedgerView {
    var room = ViewRoom()
    var view = numbers(now: now, room: &room)
    addOutlooks(to: &view, 0..<view.accounts.count, now: now)
    return view
  }

  /// Says where accounts of a view are going, as of now. Asking costs a hundred times as much as copying, so that whoever
  /// holds others up does it some accounts at a time. O(accounts in the range).
  package mutating func addOutlooks(to view: inout LedgerView, _ range: Range<Int>, now: Moment) {
    for row in range.clamped(to: view.accounts.indices) {
      let index = view.accounts[row].place
      // Somebody else may stand there by now.
      guard accounts.isOccupied(index), accounts[index].serial == view.accounts[row].account.serial else { continue }
      view.accounts[row].outlook = outlook(index, now: now)
    }
  }

  /// A view of all numbers at one moment, where nothing is said of the future.
  package mutating func numbers(now: Moment, room: inout ViewRoom) -> LedgerView {
    expireReservations(now: now)
    var rows = room.takeAccounts()
    for index in 0..<accounts.limit where accounts.isOccupied(index) {
      show(index, now: now)
      let key = accounts.keys.key(index)
      var account = accounts[index]
      account.usedTotal = account.shownTotal
      rows.append(
        LedgerView.AccountRow(
          account: account, outlook: nil, place: index, start: key.baseAddress!, length: key.count))
    }
    var seriesRows = room.takeSeries()
    series.rows.copy(into: &seriesRows)
    var view = LedgerView(
      settings: settings, series: seriesRows, histograms: series.histograms.copy(), accounts: rows,
      scopes: scopeRows(now: now),
      tallies: tallies.copy(), counters: counters, seriesCount: seriesCount, openReservations: openReservations,
      pages: series.keys.pages + accounts.keys.pages + scopes.keys.pages, estimateTally: estimates.tally,
      estimateCount: estimates.count)
    view.pools = poolReports(now: now)
    view.activities = activityReport()
    view.stopCount = stops.count
    return view
  }

  private mutating func scopeRows(now: Moment) -> [LedgerView.ScopeRow] {
    let tick = LookbackCounters.tick(at: now.steady)
    var rows: [LedgerView.ScopeRow] = []
    rows.reserveCapacity(scopes.count)
    for index in 0..<scopes.keys.limit where scopes.keys.isOccupied(index) {
      var used = InlineArray<4, LookbackCounters.Totals>(repeating: LookbackCounters.Totals())
      for lookback in LookbackCounters.Lookback.allCases {
        used[lookback.rawValue] = scopes[index].used(in: lookback, tick: tick)
      }
      let key = scopes.keys.key(index)
      rows.append(
        LedgerView.ScopeRow(scope: Int(key[0]), start: key.baseAddress! + 1, length: key.count - 1, used: used))
    }
    return rows
  }
}
