import BudgetCore

/// How fast a history goes: its windows and its steps are of one size.
struct Pace {
  /// Nanoseconds of a usual step and of the rare long one.
  var step: Int64
  var longStep: Int64
  var isSlow: Bool

  static let quick = Pace(step: 20_000_000_000, longStep: 400_000_000_000, isSlow: false)
  static let slow = Pace(step: 3_600_000_000_000, longStep: 72_000_000_000_000, isSlow: true)

  func window(using random: inout SplitMix) -> (rule: WindowRule, calendar: NaiveCalendar?) {
    let unit: Interval = isSlow ? .hours(1) : .minutes(1)
    func units(_ range: ClosedRange<Int64>) -> Interval {
      Interval(nanoseconds: unit.nanoseconds * random.int(range))
    }
    switch random.int(1...10) {
    case 1...3: return (.rolling(units(1...20)), nil)
    case 4...5: return (.fixed(units(1...12)), nil)
    case 6: return (.lifetime(idleExpiry: nil), nil)
    case 7: return (.lifetime(idleExpiry: units(1...3)), nil)
    default:
      let calendar = random.pick(NaiveCalendar.all)
      return (.calendar(calendar.rule), calendar)
    }
  }
}

extension NaiveBudget {
  /// One to six budgets of all kinds, some of them above others.
  static func some(at pace: Pace, using random: inout SplitMix) -> [NaiveBudget] {
    var budgets = unrelated(at: pace, using: &random)
    for index in budgets.indices.dropFirst() where random.chance(30) {
      let above = random.pick(Array(budgets.indices.prefix(index)))
      guard budgets[above].rule.unit == budgets[index].rule.unit, budgets[above].rule.parent == nil,
        Set(budgets[above].rule.per).isSubset(of: budgets[index].rule.per)
      else { continue }
      budgets[index].rule.parent = budgets[above].rule.name
      if random.chance(50) { budgets[above].rule.countsOwn = false }
    }
    return budgets
  }

  private static func unrelated(at pace: Pace, using random: inout SplitMix) -> [NaiveBudget] {
    (0..<random.int(1...6)).map { number in
      let unit = random.pick(BudgetUnit.allCases)
      let limit: Quantity =
        switch unit {
        case .tokens: Quantity(random.int(300...6000))
        case .cost: Quantity(random.int(1...60)) * 1_000_000_000 + Quantity(random.int(0...999))
        case .requests: Quantity(random.int(1...12))
        }
      let window = pace.window(using: &random)
      var rule = Budget(
        name: "b\(number)", per: random.pick([[], ["agent"], ["user"], ["session"], ["agent", "session"]]), unit: unit,
        limit: random.chance(8) ? nil : random.chance(3) ? 0 : limit, window: window.rule,
        warnAt: Ratio(millionths: random.int(0...1_000_000)),
        mode: random.chance(75) ? .enforce : random.pick([.warn, .shadow]),
        reservationTTL: .seconds(random.int(1...600)), onExpiry: random.pick(Budget.ExpiryPolicy.allCases))
      if random.chance(20) { rule.match.append(TagPattern(key: "agent", glob: random.pick(["a*", "b0"]))) }
      if unit != .requests, random.chance(15) {
        rule.match.append(TagPattern(key: "token_type", glob: random.pick(["output", "cache_*"])))
      } else if rule.window.rollsOver, random.chance(40) {
        rule.rollover = Ratio(millionths: random.int(0...1_000_000))
      }
      return NaiveBudget(rule: rule, calendar: window.calendar)
    }
  }
}

extension WindowRule {
  /// Whether what one window leaves unused can be carried into the next.
  fileprivate var rollsOver: Bool {
    switch self {
    case .fixed, .calendar: true
    case .rolling, .lifetime: false
    }
  }
}
