// Alerts on accounts of any window, and on what is refused or has run away.
extension RuleSettings {
  func budgetAlerts() -> RuleGroup? {
    guard hasBudgets || watchesRunaways else { return nil }
    var rules: [Rule] = []
    if let accounts = endingWindows { rules += [exhausted(accounts, .warning), forecastExceeded(accounts)] }
    // That a session or a task comes to its end is what its budget is for.
    if let accounts = lifetimes { rules.append(exhausted(accounts, .info)) }
    if hasBudgets { rules.append(denied()) }
    if let accounts = longWindows { rules.append(exhaustionSoon(accounts)) }
    if let accounts = tasks { rules.append(runawayTask(accounts)) }
    if watchesRunaways { rules.append(runaway()) }
    return RuleGroup(name: "tallygate-budgets", rules: rules)
  }

  private func exhausted(_ accounts: String, _ severity: Alert.Severity) -> Rule {
    let alert = Alert(
      name: "TallygateBudgetExhausted", severity: severity,
      summary: "Nothing is left of a budget.",
      description: """
        {{ $value | humanizePercentage }} of the limit of budget {{ $labels.budget }} ({{ $labels.unit }}) is used; \
        further calls are refused until the window turns or the limit is raised.
        """)
    return .alert(alert, when: "\(AccountSeries.usedRatio){\(accounts)} >= 1")
  }

  private func denied() -> Rule {
    let alert = Alert(
      name: "TallygateRequestsDenied", severity: .info, lasting: "5m",
      summary: "A budget keeps refusing calls.",
      description: "Budget {{ $labels.budget }} refused {{ $value | humanize }} calls in the last 5 minutes.")
    return .alert(alert, when: "\(sum("increase(tallygate_decisions_total{decision=\"deny\"}[5m])")) > 0")
  }

  private func exhaustionSoon(_ accounts: String) -> Rule {
    let alert = Alert(
      name: "TallygateBudgetExhaustedWithinHour", severity: .warning, lasting: "5m",
      summary: "A budget will be used up within the hour.",
      description: """
        Budget {{ $labels.budget }} ({{ $labels.unit }}) is used up in {{ $value | humanizeDuration }} if use goes on \
        as forecast.
        """)
    // A moment that has passed says nothing about the hour to come.
    return .alert(
      alert,
      when: """
        \(min("tallygate_budget_exhaustion_timestamp_seconds{\(accounts)}")) - time() < 3600
        and \(min("tallygate_budget_exhaustion_timestamp_seconds{\(accounts)}")) > time()
        and \(AccountSeries.usedRatio){\(accounts)} < 1
        """)
  }

  /// Sums of lower bounds are careful: those of a sum lie higher.
  private func forecastExceeded(_ accounts: String) -> Rule {
    let alert = Alert(
      name: "TallygateBudgetForecastExceeded", severity: .warning, lasting: "15m",
      summary: "Even a careful forecast ends past a budget's limit.",
      description: """
        The lower end of the 80 % forecast of budget {{ $labels.budget }} ({{ $labels.unit }}) is \
        {{ $value | humanizePercentage }} of its limit.
        """)
    return .alert(
      alert,
      when: """
        \(sum("tallygate_budget_forecast_lower{level=\"0.8\",\(accounts)}"))
          / ignoring (level) \(AccountSeries.limit){\(accounts)} > 1
        and ignoring (level) \(AccountSeries.usedRatio){\(accounts)} < 1
        """)
  }

  private func runawayTask(_ accounts: String) -> Rule {
    let alert = Alert(
      name: "TallygateTaskRunaway", severity: .critical,
      summary: "A task used more than three times its limit.",
      description: """
        Task {{ $labels.task }} used {{ $value | humanizePercentage }} of its limit of budget {{ $labels.budget }} \
        ({{ $labels.unit }}). Stop the task.
        """)
    return .alert(alert, when: "\(AccountSeries.usedRatio){\(accounts)} > 3")
  }

  private func runaway() -> Rule {
    let alert = Alert(
      name: "TallygateRunaway", severity: .warning,
      summary: "A task or session reached a limit of a runaway rule.",
      description: "A value of the tag {{ $labels.tag }} reached the limit of its {{ $labels.cause }}.")
    return .alert(alert, when: "\(sum("increase(tallygate_runaways_total[15m])")) > 0")
  }
}
