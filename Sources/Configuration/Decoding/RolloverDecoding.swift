import BudgetCore

/// `rollover: { max: 0.5 }` of a budget.
extension ConfigurationDecoder {
  mutating func rollover(_ field: Field?, window: WindowRule?) -> Ratio? {
    guard let field else { return nil }
    guard let section = section(field, keys: ["max"]), let share = section["max"] else {
      fail(field, "has no max", "Write for example { max: 0.5 }")
      return nil
    }
    switch window {
    case .fixed, .calendar, nil: return ratio(share)
    case .rolling, .lifetime:
      fail(
        field, "only a fixed or calendar window rolls over", "Remove it, or write window: { calendar: day }")
      return nil
    }
  }
}
