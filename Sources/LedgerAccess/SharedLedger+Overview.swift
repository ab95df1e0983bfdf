package import BudgetCore

extension SharedLedger {
  /// The fullest accounts and the biggest spenders, looked for in short steps: whoever counts or decides waits for one step
  /// at most, however many accounts there are.
  package func overview(
    _ bounds: OverviewBounds = OverviewBounds(), over lookback: LookbackCounters.Lookback
  ) -> Overview {
    var walk = OverviewWalk(bounds: bounds, lookback: lookback)
    while section({ ledger, now in ledger.advance(&walk, now: now) }) {}
    return walk.overview
  }
}
