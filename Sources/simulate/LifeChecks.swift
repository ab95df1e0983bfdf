import BudgetCore

// What must hold after every act of a life.
extension Life {
  func check() {
    problems += ledger.checkInvariants()
    if isHonest, limitsAreSteady {
      for account in ledger.accountStatuses(now: now) where account.budget.isHard {
        guard let limit = account.limit else { continue }
        if account.used + account.reserved > limit + (account.budget.stopGrace ?? 0) {
          problems.append(
            "\(account.budget.name) has used \(account.used) and holds \(account.reserved) of \(limit)")
        }
      }
    }
    let view = ledger.view(now: now)
    let counted = view.series.reduce((tokens: Int64(0), requests: Int64(0))) {
      ($0.tokens + $1.tokens, $0.requests + $1.requests)
    }
    if counted != (known.tokens, known.requests) {
      problems.append("counted \(counted), callers say \(known.tokens) tokens and \(known.requests) requests")
    }
    if ledger.openReservations != known.open.count {
      problems.append("\(ledger.openReservations) reservations are open, callers know of \(known.open.count)")
    }
    let poolTokens = view.pools.reduce(Quantity(0)) { $0 + $1.tally.used.total }
    if poolTokens != known.poolTokens {
      problems.append("pools counted \(poolTokens) tokens, agents say \(known.poolTokens)")
    }
    let stopped = ledger.stoppedSubjects.map(\.subject)
    if stopped != known.stopped { problems.append("\(stopped) are stopped, operators know of \(known.stopped)") }
  }

  /// When every deadline has passed nothing is held any more.
  func checkNoLeak() {
    now = Moment(wall: now.wall + .days(2), steady: now.steady + .days(2))
    for account in ledger.accountStatuses(now: now) where account.reserved != 0 {
      problems.append("\(account.budget.name) still holds \(account.reserved) after every deadline")
    }
  }
}

extension Budget {
  /// Whether nothing but an operator can put use and holds past its limit. What was rolled over goes with its window,
  /// and holds may stay.
  fileprivate var isHard: Bool { mode == .enforce && rollover == nil }
}
