/// Everything the ledger is told by configuration: budgets, labels, prices and bounds.
package struct LedgerSettings: Sendable {
  package var budgets: [Budget] = []
  /// Names are unique.
  package var pools: [Pool] = []
  /// The tags that become labels of exported series, in this order.
  package var labels: [String] = ["agent", "user", "model", "token_type"]
  /// The tags whose values get windowed counters (`/v1/usage?by=`, `tallygate_window_tokens`).
  package var scopes: [String] = ["agent", "user", "model"]
  package var prices = PriceTable()
  package var estimates = EstimateSettings()
  package var bounds = Bounds()
  package var advice = AdviceSettings()
  package var activities = ActivitySettings()
  package var anomaly = AnomalySettings()

  package init() {}

  /// For each budget, by index, those that name it as their parent in the same unit.
  var childBudgets: [[Int]] {
    budgets.map { parent in
      budgets.indices.filter { budgets[$0].parent == parent.name && budgets[$0].unit == parent.unit }
    }
  }

  /// How much the ledger may hold. Every table of the ledger has its bound here.
  package struct Bounds: Hashable, Sendable {
    /// Exported series; further ones fold into `__other__`.
    package var maxSeries = 100_000
    /// Accounts over all budgets; further ones share one `__other__` account a budget.
    package var maxAccounts = 10_000
    /// Values with windowed counters, over all scopes; further ones fold into `__other__`.
    package var maxScopeValues = 4_096
    package var maxReservations = 10_000
    /// Open allocations of each pool.
    package var maxAllocations = 1000
    /// Ids remembered to recognise usage that arrives twice.
    package var maxDuplicateIDs = 131_072
    /// A series without usage for this long folds into `__other__`.
    package var seriesIdleExpiry = Interval.days(1)

    package init() {}
  }
}
