// Alerts on how fast accounts are used up, a group for each period.
extension RuleSettings {
  func burnAlerts(_ period: BudgetPeriod) -> RuleGroup? {
    guard let accounts = selector([period]) else { return nil }
    var rules = period.burnThresholds.map { burning(period, $0, accounts: accounts) }
    rules.append(exhaustionLikely(period, accounts: accounts))
    if period != .hour { rules.append(spike(period, accounts: accounts)) }
    if period == .day { rules += dayAlerts(accounts: accounts) }
    return RuleGroup(name: "tallygate-\(period.rawValue)-budgets", rules: rules)
  }

  /// Both lookbacks over the factor, and something left to save.
  private func burning(_ period: BudgetPeriod, _ threshold: BurnThreshold, accounts: String) -> Rule {
    let isCritical = threshold.severity == .critical
    let alert = Alert(
      name: isCritical ? "TallygateBudgetBurningFast" : "TallygateBudgetBurning",
      severity: threshold.severity,
      details: [
        Alert.Detail(name: "period", value: period.rawValue),
        Alert.Detail(name: "lookback", value: threshold.long.rawValue),
      ],
      summary: isCritical
        ? "A budget is being used up much faster than it can last."
        : "A budget is being used faster than it can last.",
      description: """
        Budget {{ $labels.budget }} ({{ $labels.unit }}) burns at {{ $value | humanize }} times the pace that lasts \
        to the end of its window, over \(threshold.long.rawValue) and \(threshold.short.rawValue). Burning at \
        \(threshold.factor) for \(threshold.long.rawValue) takes \(threshold.share) of the limit.
        """)
    return .alert(
      alert,
      when: """
        \(AccountSeries.burnRate(threshold.long)){\(accounts)} > \(threshold.factor)
        and \(AccountSeries.burnRate(threshold.short)){\(accounts)} > \(threshold.factor)
        and \(AccountSeries.usedRatio){\(accounts)} < 1
        """)
  }

  /// The slow alert: no burn rate, the forecast's own chance.
  private func exhaustionLikely(_ period: BudgetPeriod, accounts: String) -> Rule {
    let alert = Alert(
      name: "TallygateBudgetExhaustionLikely", severity: .warning,
      details: [Alert.Detail(name: "period", value: period.rawValue)], lasting: period.chanceLasts,
      summary: "A budget will probably be used up before its window ends.",
      description: """
        Budget {{ $labels.budget }} ({{ $labels.unit }}) is used up before its window ends with a chance of \
        {{ $value | humanizePercentage }}.
        """)
    return .alert(
      alert,
      when: """
        \(max("tallygate_budget_exhaustion_probability{\(accounts)}")) > 0.8
        and \(AccountSeries.usedRatio){\(accounts)} < 1
        """)
  }

  /// What is usual is the mean hour of the last day and the same hour of the day before, so that a daily peak is no
  /// spike. An account of less than a day has no usual hour.
  private func spike(_ period: BudgetPeriod, accounts: String) -> Rule {
    let alert = Alert(
      name: "TallygateHourlySpike", severity: .warning,
      details: [Alert.Detail(name: "period", value: period.rawValue)],
      summary: "The last hour took more than twice what is usual.",
      description: """
        Over the last hour budget {{ $labels.budget }} ({{ $labels.unit }}) burned at {{ $value | humanize }} times \
        the pace that lasts: more than twice the mean hour of the last day, and more than twice the same hour of the \
        day before.
        """)
    let lastHour = "\(AccountSeries.burnRate(.oneHour)){\(accounts)}"
    return .alert(
      alert,
      when: """
        \(lastHour) > 1
        and \(lastHour) > 2 * \(AccountSeries.burnRate(.oneDay)){\(accounts)}
        and \(lastHour) > 2 * \(lastHour) offset 1d
        """)
  }

  private func dayAlerts(accounts: String) -> [Rule] {
    let exceeded = Alert(
      name: "TallygateDailyBudgetExceeded", severity: .critical,
      summary: "More than a day's budget was used.",
      description: """
        {{ $value | humanizePercentage }} of the day's limit of budget {{ $labels.budget }} ({{ $labels.unit }}) is \
        used. Pause what is not critical.
        """)
    let projected = Alert(
      name: "TallygateDailyBudgetProjected", severity: .info, lasting: "10m",
      summary: "A day's budget is projected to be nearly used up.",
      description: """
        Budget {{ $labels.budget }} ({{ $labels.unit }}) is projected to end the day at \
        {{ $value | humanizePercentage }} of its limit.
        """)
    return [
      .alert(exceeded, when: "\(AccountSeries.usedRatio){\(accounts)} > 1"),
      .alert(
        projected,
        when: "\(sum("tallygate_budget_forecast{\(accounts)}"))\n  / \(AccountSeries.limit){\(accounts)} > 0.9"),
    ]
  }
}
