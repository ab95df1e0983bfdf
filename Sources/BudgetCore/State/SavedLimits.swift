/// What an operator or a rollover made of a limit, as it is stored.
package struct SavedLimits: Hashable, Sendable {
  package var budget: String
  package var unit: BudgetUnit
  /// The account's tags; `nil` for what holds for every account of the budget.
  package var tags: [Tag]?
  package var override: LimitTerm?
  package var topUps: [LimitTerm] = []
  package var rolledOver: Quantity = 0
  /// When the window that has the rollover ends.
  package var windowEnd = Instant.distantFuture

  package init(budget: String, unit: BudgetUnit, tags: [Tag]?, override: LimitTerm?) {
    self.budget = budget
    self.unit = unit
    self.tags = tags
    self.override = override
  }
}

extension LedgerCapture {
  /// Every limit that is not the configured one: overrides of whole budgets first, then accounts.
  package var savedLimits: [SavedLimits] {
    var saved: [SavedLimits] = []
    for (index, term) in budgetOverrides.sorted(by: { $0.key < $1.key }) {
      saved.append(SavedLimits(budget: budgets[index].name, unit: budgets[index].unit, tags: nil, override: term))
    }
    for index in occupiedAccounts where accountTerms[index] != nil || accounts[index].rolledOver > 0 {
      let (account, budget) = (accounts[index], budgets[accounts[index].budget])
      var row = SavedLimits(
        budget: budget.name, unit: budget.unit,
        tags: accountIdentities[index].tags,
        override: accountTerms[index]?.override)
      row.topUps = accountTerms[index]?.topUps ?? []
      row.rolledOver = account.rolledOver
      row.windowEnd = account.windowEnd
      saved.append(row)
    }
    return saved
  }
}

extension LedgerRestorer {
  /// Limits come after accounts. One of a budget or account that is gone is passed over: the configured limit holds.
  package mutating func add(_ saved: SavedLimits) throws(InconsistentState) {
    let terms = saved.topUps + [saved.override].compactMap { $0 }
    guard (terms.map { $0.amount ?? 0 } + [saved.rolledOver]).allSatisfy({ (0...Ledger.largestLimit).contains($0) }),
      saved.topUps.count <= AccountTerms.maximumTopUps
    else { throw InconsistentState("a limit of budget \(saved.budget) is out of bounds") }
    let clock = clock
    guard let budgetIndex = budgets[BudgetName(name: saved.budget, unit: saved.unit)] else { return }
    guard let tags = saved.tags else {
      ledger.budgetOverrides[budgetIndex] = saved.override.map { clock.resumed($0) }
      for index in 0..<ledger.accounts.limit
      where ledger.accounts.isOccupied(index) && ledger.accounts[index].budget == budgetIndex {
        ledger.refreshLimit(index, now: clock.now)
      }
      return
    }
    let budget = ledger.settings.budgets[budgetIndex]
    let values = budget.per.compactMap { key in tags.first { $0.key == key }?.value }
    // Accounts that were added up under fewer tags have no limit of their own.
    guard values.count == budget.per.count, tags.count == values.count,
      let index = ledger.account(of: budgetIndex, values: values, now: clock.now, creating: false)
    else { return }
    let own = AccountTerms(
      override: saved.override.map { clock.resumed($0) }, topUps: saved.topUps.map { clock.resumed($0) })
    if !own.isEmpty { ledger.accountTerms[index] = own }
    if budget.rollover != nil, saved.windowEnd == ledger.accounts[index].windowEnd {
      ledger.accounts[index].rolledOver = saved.rolledOver
    }
    ledger.refreshLimit(index, now: clock.now)
  }
}

extension ResumedClock {
  fileprivate func resumed(_ term: LimitTerm) -> LimitTerm {
    LimitTerm(amount: term.amount, until: term.until.map { Moment(wall: $0.wall, steady: steady($0.steady)) })
  }
}
