/// The budget core: every series, window, budget account and reservation, changed in single steps.
///
/// Pure: it has no clock, lock, file or socket. `now` is an argument of every call, and whoever shares a
/// ledger between threads puts one lock around it (`SharedLedger`). Nothing here blocks or fails on I/O;
/// all tables are bounded by `LedgerSettings.bounds`.
package struct Ledger: ~Copyable {
  package let settings: LedgerSettings
  /// Hash seed of this process: events arrive hashed with it.
  package let seed: UInt64

  var routes: RouteTable
  var calls: CallRouteTable
  var series: SeriesTable
  var accounts: AccountTable
  var scopes: ScopeTable
  var reservations: ReservationTable
  var pools: PoolTable
  var duplicates: DuplicateFilter
  var estimates: EstimateTable
  var tallies = Slab<BudgetTally>()
  var activities: ActivityTable
  var costModels: CostModelTable
  var forecasts: ForecastTable
  /// Of the calls that are being counted: see `scoring`.
  var highestScore: CallScore?
  /// The configured budgets, for accounts to refer to.
  let rules: [SharedBudget]
  /// Whether a budget counts some kinds of tokens only, or each in an account of its own.
  let tellsKindsApart: Bool
  var pendingEvents: [LedgerEvent] = []
  /// Limits that operators set in place of the configured ones, by budget, and what they changed for single accounts.
  var budgetOverrides: [Int: LimitTerm] = [:]
  var accountTerms: [Int: AccountTerms] = [:]
  /// Who is granted nothing until resumed.
  var stops: [Tag: SubjectStop] = [:]
  /// For each budget those that name it as their parent.
  let children: [[Int]]
  /// Memory for what the next request takes from each account.
  var demandRoom: Slab<Demand>?
  /// Memory for what the next answer says of each account.
  var statusRoom: [AccountFigures]?
  package internal(set) var counters = LedgerCounters()
  /// Models charged at the fallback rate, for a person to look at; bounded.
  package internal(set) var unpricedModels: [String] = []

  /// The number of the last journal record that this state includes.
  package var sequence: UInt64 = 0

  /// What lines were applied, for whoever keeps them.
  package var log = UsageLog()

  var watch = ClockWatch()

  /// Where the next look for idle series starts.
  var expiryCursor = 0
  /// Up to which account this second's housekeeping has come.
  var accountCursor = 0

  static let overflowValue = "__other__"
  static let maximumUnpricedModels = 100

  /// - Parameter seed: a secret random number, so that senders cannot craft colliding tags.
  package init(settings: LedgerSettings, seed: UInt64) {
    self.settings = settings
    self.seed = seed
    rules = settings.budgets.map { SharedBudget($0) }
    tellsKindsApart = settings.budgets.contains { budget in
      budget.per.contains(TagName.tokenType) || budget.match.contains { $0.key == TagName.tokenType }
    }
    children = settings.childBudgets
    series = SeriesTable(expecting: settings.bounds.maxSeries)
    accounts = AccountTable(expecting: settings.bounds.maxAccounts)
    forecasts = ForecastTable(expecting: settings.bounds.maxAccounts)
    scopes = ScopeTable(expecting: settings.bounds.maxScopeValues)
    routes = RouteTable(capacity: settings.bounds.maxSeries.saturatingAdd(16_384))
    calls = CallRouteTable(capacity: settings.bounds.maxSeries.saturatingAdd(16_384))
    reservations = ReservationTable(capacity: settings.bounds.maxReservations)
    pools = PoolTable(pools: settings.pools, mostAllocations: settings.bounds.maxAllocations)
    duplicates = DuplicateFilter(capacity: settings.bounds.maxDuplicateIDs, seed: seed)
    estimates = EstimateTable(capacity: settings.estimates.maxPairs, seed: seed)
    activities = ActivityTable(settings: settings.activities)
    costModels = CostModelTable(capacity: settings.anomaly.maxAgents, seed: seed)
    for _ in settings.budgets { tallies.append(BudgetTally()) }
  }

  /// Series but for those of `__other__`, which stand beside the bound.
  package var seriesCount: Int { series.count - series.overflowCount }
  package var accountCount: Int { accounts.count }
  /// Learned distributions of output, over pairs of agent and model and over models.
  package var estimateCount: Int { estimates.count }
  package var openReservations: Int { reservations.openCount }
}
