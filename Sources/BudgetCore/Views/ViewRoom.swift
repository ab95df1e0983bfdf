/// Memory that a view will need, made before the ledger is held: fresh pages cost more than what is copied into them.
package struct ViewRoom {
  private var series: [SeriesRow] = []
  private var accounts: [LedgerView.AccountRow] = []

  /// Room for nothing: the view makes its own.
  package init() {}

  /// How many rows the tables have.
  package struct Sizes: Sendable {
    fileprivate var series: Int
    fileprivate var accounts: Int
  }

  /// O(memory), without the ledger.
  package init(_ sizes: Sizes) {
    series = CaptureRoom.touched(sizes.series)
    accounts = CaptureRoom.touched(sizes.accounts)
  }

  mutating func takeSeries() -> [SeriesRow] {
    defer { series = [] }
    return series
  }

  mutating func takeAccounts() -> [LedgerView.AccountRow] {
    defer { accounts = [] }
    return accounts
  }
}

extension Ledger {
  package var viewSizes: ViewRoom.Sizes { ViewRoom.Sizes(series: series.rows.count, accounts: accounts.count) }
}
