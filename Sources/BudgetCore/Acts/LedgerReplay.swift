// Acts of before a crash, done again.
extension Ledger {
  /// Does an operator's act on a budget.
  package mutating func operate(_ act: LedgerAct, now: Moment) -> BudgetActOutcome {
    switch act {
    case .topUp(let to, let amount, let until):
      topUp(budget: to.budget, unit: to.unit, tags: to.tags, amount: amount, until: until, now: now)
    case .override(let of, let limit, let until):
      override(budget: of.budget, unit: of.unit, tags: of.tags, limit: limit, until: until, now: now)
    case .removeOverride(let of): removeOverride(budget: of.budget, unit: of.unit, tags: of.tags, now: now)
    case .reset(let of): reset(budget: of.budget, unit: of.unit, tags: of.tags, now: now)
    default: .unknownBudget
    }
  }

  /// Does an act again at the moment it was done at. Under the same configuration the state comes out the same; under
  /// another one what was used and granted counts in it.
  /// - Returns: false when a reservation could not be put where its id says.
  package mutating func replay(_ act: LedgerAct, now: Moment) -> Bool {
    switch act {
    case .record(let spend, let tags, let id, let duration):
      _ = recordCall(spend, tags: tags, id: id, duration: duration, now: now)
    case .reserve(let tags, let spend, let granted):
      return reserveAgain(SpendRequest(tags: tags, spend: spend), granted: granted, now: now)
    case .settle(let id, let actual): _ = settle(id, actual: actual, now: now)
    case .release(let id): _ = release(id, now: now)
    case .topUp, .override, .removeOverride, .reset: _ = operate(act, now: now)
    case .allocate(let request, let secret): _ = allocate(request, secret: secret, now: now)
    case .use(let id, let usage): _ = useAllocation(id, usage, now: now)
    case .releaseAllocation(let id): _ = releaseAllocation(id, now: now)
    case .topUpPool(let pool, let tokens, let allocation):
      _ = topUpPool(pool, tokens: tokens, allocation: allocation, now: now)
    case .stop(let subject, let reason):
      guard SubjectStop.isSubject(subject.key), !subject.value.isEmpty else { return true }
      stopSubject(subject, reason: reason, now: now)
    case .resume(let subject): _ = resumeSubject(subject, now: now)
    case .declareJob(let name, let items): _ = declareJob(name, items: items, now: now)
    case .show: showCounters(now: now)
    }
    return true
  }
}
