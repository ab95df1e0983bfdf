import BudgetCore

// What operators do in a history, on both ledgers.
extension History {
  mutating func operate() -> String {
    tally.acts += 1
    if random.chance(10) { return stopOrResume() }
    let index = Int(random.int(0...Int64(budgets.count - 1)))
    let rule = budgets[index].rule
    let tags = someTags().setting("session", to: "s\(random.int(0...2))")
    let values = rule.per.map { tags[$0]! }
    let named = zip(rule.per, values).map { Tag(key: $0, value: $1) }
    let until: Int64? = random.chance(50) ? now + random.int(1...pace.longStep) : nil
    let end = until.map { Instant(nanoseconds: $0) }
    let amount = (rule.limit ?? 1000) * Quantity(random.int(0...200)) / 100
    switch random.int(1...10) {
    case 1...4:
      naive.topUp(NaiveAccount.Key(budget: index, values: values), amount, until: until, now: now)
      _ = ledger.topUp(budget: rule.name, unit: nil, tags: named, amount: amount, until: end, now: moment)
      return "top up b\(index) \(values) by \(amount) until \(until ?? -1)"
    case 5...8:
      // What rolls over is a share of the limit at the end of its window: there, limits that end would need an hour.
      let ends = rule.rollover == nil
      let term = NaiveAccount.Term(amount: random.chance(10) ? nil : amount, until: ends ? until : nil)
      let wholeBudget = rule.per.isEmpty || random.chance(40)
      naive.override(term, budget: index, values: wholeBudget ? nil : values, now: now)
      _ = ledger.override(
        budget: rule.name, unit: nil, tags: wholeBudget ? [] : named, limit: term.amount, until: ends ? end : nil,
        now: moment)
      return "set b\(index) \(wholeBudget ? [] : values) to \(term.amount ?? -1) until \(term.until ?? -1)"
    case 9:
      let wholeBudget = rule.per.isEmpty || random.chance(40)
      naive.override(nil, budget: index, values: wholeBudget ? nil : values, now: now)
      _ = ledger.removeOverride(budget: rule.name, unit: nil, tags: wholeBudget ? [] : named, now: moment)
      return "set b\(index) back"
    default:
      naive.reset(budget: index)
      _ = ledger.reset(budget: rule.name, unit: nil, tags: [], now: moment)
      return "reset b\(index)"
    }
  }

  private mutating func stopOrResume() -> String {
    if let subject = naive.stopped.sorted(by: { $0.value < $1.value }).first {
      naive.resume(subject)
      if ledger.resumeSubject(subject, now: moment) == nil { complaints.append("\(subject.value) was not stopped") }
      return "resume \(subject.value)"
    }
    let subject = random.pick(someTags().tags)
    naive.stop(subject)
    ledger.stopSubject(subject, reason: "", now: moment)
    return "stop \(subject.value)"
  }
}
