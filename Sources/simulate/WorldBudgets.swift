import BudgetCore
import NaiveLedger

extension Budget {
  /// A budget of any kind.
  static func some(_ number: Int, using random: inout SplitMix) -> Budget {
    let unit = random.pick(BudgetUnit.allCases)
    let limit: Quantity =
      switch unit {
      case .tokens: Quantity(random.int(0...20_000))
      case .cost: Quantity(random.int(0...200)) * Money.picodollarsPerDollar / 1000
      case .requests: Quantity(random.int(0...12))
      }
    let windows: [WindowRule] = [
      .rolling(.minutes(random.int(1...120))), .rolling(.hours(24)), .fixed(.minutes(random.int(1...180))),
      .calendar(CalendarRule(period: random.pick(CalendarRule.Period.allCases))), .lifetime(idleExpiry: nil),
      .lifetime(idleExpiry: .minutes(random.int(1...60))),
    ]
    var budget = Budget(
      name: "b\(number)", match: random.chance(25) ? [TagPattern(key: "agent", glob: "*er")] : [],
      per: random.pick([[], ["agent"], ["user"], ["agent", "user"], ["session"]]), unit: unit,
      limit: random.chance(5) ? nil : limit, window: random.pick(windows),
      warnAt: Ratio(millionths: random.int(0...1_000_000)), mode: random.chance(80) ? .enforce : .warn,
      onExpiry: random.pick(Budget.ExpiryPolicy.allCases))
    if random.chance(30) { budget.stopGrace = limit * Quantity(random.int(0...30)) / 100 }
    switch budget.window {
    case .fixed, .calendar:
      if random.chance(25) { budget.rollover = Ratio(millionths: random.int(0...1_000_000)) }
      if random.chance(30) { budget.throttleAt = Ratio(millionths: random.int(0...1_000_000)) }
    case .rolling: if random.chance(30) { budget.throttleAt = Ratio(millionths: random.int(0...1_000_000)) }
    case .lifetime: break
    }
    return budget
  }
}

extension [Budget] {
  /// Puts some budgets below others of the same unit.
  mutating func relate(using random: inout SplitMix) {
    for index in indices.dropFirst() where random.chance(40) {
      let above = random.pick(Swift.Array(indices.prefix(index)))
      guard self[above].unit == self[index].unit, Set(self[above].per).isSubset(of: self[index].per) else { continue }
      self[index].parent = self[above].name
      if random.chance(50) { self[above].countsOwn = false }
    }
  }
}

extension Pool {
  /// A pool of any kind.
  static func some(_ number: Int, using random: inout SplitMix) -> Pool {
    Pool(
      name: "p\(number)", tokens: Quantity(random.int(0...50_000)),
      lookupRatio: Ratio(millionths: random.int(0...1_000_000)),
      warnAt: Ratio(millionths: random.int(0...1_000_000)), enforceSplit: random.chance(30),
      reserveForCritical: Ratio(millionths: random.chance(50) ? 0 : random.int(0...1_000_000)),
      window: random.chance(50) ? .fixed(.minutes(random.int(1...600))) : nil,
      allocationTTL: random.chance(30) ? .seconds(random.int(1...3600)) : nil)
  }
}
