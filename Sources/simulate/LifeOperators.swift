import BudgetCore
import NaiveLedger

// What operators do in a life: change limits, set use to nothing, stop subjects.
extension Life {
  func operate() -> String {
    tally.operatorActs += 1
    if random.chance(25) { return stopOrResume() }
    guard let budget = world.settings.budgets.isEmpty ? nil : random.pick(world.settings.budgets) else {
      return advance()
    }
    let tags = budget.per.map { Tag(key: $0, value: world.value(of: $0, using: &random)) }
    let until: Instant? = random.chance(50) ? now.wall + .seconds(random.int(1...90_000)) : nil
    let amount = (budget.limit ?? 1000) * Quantity(random.int(0...200)) / 100
    let wholeBudget = budget.per.isEmpty || random.chance(40)
    // A reset lowers use: what is held still fits.
    if random.chance(15) {
      _ = ledger.reset(budget: budget.name, unit: budget.unit, tags: wholeBudget ? [] : tags, now: now)
      return "reset \(budget.name)"
    }
    limitsAreSteady = false
    switch random.int(1...3) {
    case 1:
      _ = ledger.topUp(
        budget: budget.name, unit: budget.unit, tags: tags, amount: amount, until: until, now: now)
      return "top up \(budget.name) by \(amount)"
    case 2:
      _ = ledger.override(
        budget: budget.name, unit: budget.unit, tags: wholeBudget ? [] : tags, limit: random.chance(10) ? nil : amount,
        until: until, now: now)
      return "set \(budget.name) to \(amount)"
    default:
      _ = ledger.removeOverride(
        budget: budget.name, unit: budget.unit, tags: wholeBudget ? [] : tags, now: now)
      return "set \(budget.name) back"
    }
  }

  private func stopOrResume() -> String {
    if let subject = known.stopped.popLast() {
      if ledger.resumeSubject(subject, now: now) == nil { problems.append("\(subject.value) was not stopped") }
      return "resume \(subject.value)"
    }
    let subject = random.pick(world.tags(using: &random).tags)
    known.stopped.append(subject)
    ledger.stopSubject(subject, reason: "", now: now)
    return "stop \(subject.value)"
  }
}
