package import BudgetCore

// What operators do.
extension SharedLedger {
  package func topUp(budget: String, unit: BudgetUnit?, tags: [Tag], amount: Quantity, until: LimitEnd?)
    -> BudgetActOutcome
  {
    operate { now in
      .topUp(
        LedgerAct.BudgetTarget(budget: budget, unit: unit, tags: tags), amount: amount, until: until?.instant(from: now)
      )
    }
  }

  package func override(budget: String, unit: BudgetUnit?, tags: [Tag], limit: Quantity?, until: LimitEnd?)
    -> BudgetActOutcome
  {
    operate { now in
      .override(
        LedgerAct.BudgetTarget(budget: budget, unit: unit, tags: tags), limit: limit, until: until?.instant(from: now))
    }
  }

  package func removeOverride(budget: String, unit: BudgetUnit?, tags: [Tag]) -> BudgetActOutcome {
    operate { _ in .removeOverride(LedgerAct.BudgetTarget(budget: budget, unit: unit, tags: tags)) }
  }

  package func reset(budget: String, unit: BudgetUnit?, tags: [Tag]) -> BudgetActOutcome {
    operate { _ in .reset(LedgerAct.BudgetTarget(budget: budget, unit: unit, tags: tags)) }
  }

  private func operate(_ makeAct: (Moment) -> LedgerAct) -> BudgetActOutcome {
    act { ledger, now in
      let act = makeAct(now)
      let outcome = ledger.operate(act, now: now)
      guard case .done = outcome else { return (outcome, nil) }
      return (outcome, act)
    }
  }

  package func stop(_ subject: Tag, reason: String) -> StopOutcome {
    act { ledger, now in
      let outcome = ledger.stopSubject(subject, reason: reason, now: now)
      guard case .stopped = outcome else { return (outcome, nil) }
      return (outcome, .stop(subject, reason: reason))
    }
  }

  /// The stop that ended; `nil` when the subject was not stopped.
  package func resume(_ subject: Tag) -> SubjectStop? {
    act { ledger, now in
      let ended = ledger.resumeSubject(subject, now: now)
      return (ended, ended.map { _ in .resume(subject) })
    }
  }
}
