import BudgetCore

/// What a budget does near its limit and past it: `throttle_at:` and `on_exceed:`.
extension ConfigurationDecoder {
  mutating func checkThrottle(_ field: Field?, window: WindowRule?, mode: Budget.Mode) {
    guard let field else { return }
    if case .lifetime = window {
      fail(
        field, "a lifetime has no end to spread the rest over",
        "Remove it, or write for example window: { calendar: day }")
    }
    checkEnforced(field, mode: mode)
  }

  /// `on_forecast: warn` or `throttle`: what is done when exhaustion is very likely.
  mutating func checkForecast(_ field: Field?, window: WindowRule?, mode: Budget.Mode) {
    guard let field else { return }
    if let window, !window.isForecast {
      fail(
        field, "only windows of 10m or more that end are forecast",
        "Remove it, or write for example window: { calendar: day }")
    }
    if case .scalar("throttle", _) = field.node.content { checkEnforced(field, mode: mode) }
  }

  /// `on_exceed: stop`, or `{ stop: { grace: 2_000 } }`: what may be used past the limit before the account is stopped.
  mutating func stopGraces(_ field: Field?, units: [BudgetUnit], mode: Budget.Mode) -> [BudgetUnit: Quantity] {
    guard let field, !field.node.isNull else { return [:] }
    checkEnforced(field, mode: mode)
    var graces = Dictionary(units.map { ($0, Quantity(0)) }, uniquingKeysWith: { first, _ in first })
    if case .scalar("stop", _) = field.node.content { return graces }
    guard let section = section(field, keys: ["stop"]) else { return [:] }
    guard let stop = section["stop"] else {
      fail(field, "says nothing to do", "Write for example { stop: { grace: 2_000 } }")
      return [:]
    }
    guard let grace = self.section(stop, keys: ["grace"])?["grace"] else { return graces }
    if case .mapping = grace.node.content {
      let amounts = self.section(grace, keys: units.map(\.name))
      for unit in units {
        if let value = amounts?[unit.name], let amount = amount(value, of: unit) { graces[unit] = amount }
      }
    } else if units.count == 1 {
      if let amount = amount(grace, of: units[0]) { graces[units[0]] = amount }
    } else if !units.isEmpty {
      fail(grace, "must say the grace of which limit", "Write for example { \(units[0].name): 2_000 }")
    }
    return graces
  }

  private mutating func checkEnforced(_ field: Field, mode: Budget.Mode) {
    guard mode != .enforce else { return }
    fail(field, "has no effect in mode \(mode.rawValue)", "Remove it, or write mode: enforce")
  }
}
