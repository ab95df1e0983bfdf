/// What became of stored state in the ledger that was made of it.
package struct RestoreReport: Sendable {
  /// When the state was stored, on the clocks of then.
  package let captured: Moment
  /// The number of the last journal record that the state includes.
  package let sequence: UInt64
  package internal(set) var series = 0
  package internal(set) var accounts = 0
  package internal(set) var openReservations = 0
  /// What a changed configuration or clock did, with how many rows it befell.
  package internal(set) var warnings: [RestoreWarning: Int] = [:]

  init(captured: Moment, sequence: UInt64) {
    self.captured = captured
    self.sequence = sequence
  }

  /// The warnings as sentences, in alphabetical order.
  package var sentences: [String] { warnings.map { $0.key.sentence(count: $0.value) }.sorted() }
}

/// Something in stored state that could not be taken over as it was.
package enum RestoreWarning: Hashable, Sendable {
  /// No budget has this name and unit any more: its accounts were dropped.
  case budgetGone(name: String, unit: BudgetUnit)
  /// The budget's `per` names a tag that it did not before: nobody can say whose the use was.
  case useUnattributable(budget: String, unit: BudgetUnit)
  /// The budget's `per` names fewer tags than before: accounts were added up.
  case accountsMerged(budget: String, unit: BudgetUnit)
  /// More accounts than `maxAccounts` allows.
  case accountsFolded(budget: String, unit: BudgetUnit)
  /// The budget's window is another: its use counts in the new one as long as it may.
  case windowChanged(budget: String, unit: BudgetUnit)
  case scopeGone(name: String)
  /// No pool has this name any more: its allocations were dropped.
  case poolGone(name: String)
  /// No activities are kept by this tag any more.
  case activitiesGone(tag: String)
  /// More activities than there may be.
  case activitiesDropped(tag: String)
  /// More values than `maxScopeValues` allows.
  case scopeValuesDropped(scope: String)
  /// The exported labels are others: series were added up under the new ones.
  case labelsChanged
  /// More series than `maxSeries` allows.
  case seriesFolded
  /// The clocks disagree about how long nobody ran.
  case clockWasSet(Interval)
  /// The state was written for readers: it names no holds and no ids.
  case redacted

  package func sentence(count: Int) -> String {
    switch self {
    case .budgetGone(let name, let unit):
      "budget \(name) (\(unit.name)) is no longer configured: \(count) of its accounts were dropped"
    case .useUnattributable(let budget, let unit):
      "budget \(budget) (\(unit.name)) is now kept per other tags: \(count) accounts had no place and were dropped"
    case .accountsMerged(let budget, let unit):
      "budget \(budget) (\(unit.name)) is now kept per fewer tags: \(count) accounts were added up"
    case .accountsFolded(let budget, let unit):
      "too many accounts: \(count) of budget \(budget) (\(unit.name)) were folded into __other__"
    case .windowChanged(let budget, let unit):
      "budget \(budget) (\(unit.name)) has another window: the use of \(count) accounts was carried over"
    case .poolGone(let name): "pool \(name) is no longer configured: it and its allocations were dropped"
    case .activitiesGone(let tag): "activities by \(tag) are no longer kept: \(count) were dropped"
    case .activitiesDropped(let tag): "too many activities: \(count) by \(tag) were dropped"
    case .scopeGone(let name): "usage by \(name) is no longer kept: \(count) values were dropped"
    case .scopeValuesDropped(let scope): "too many values of \(scope): the recent usage of \(count) was dropped"
    case .labelsChanged: "the exported labels changed: \(count) series were assigned anew"
    case .seriesFolded: "too many series: \(count) were folded into __other__"
    case .clockWasSet(let shift):
      "the clock was set by \(shift.inSeconds) s: ages and deadlines were kept as they were"
    case .redacted: "the state was written for readers: reservations and ids of usage are not in it"
    }
  }
}
