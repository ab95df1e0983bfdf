import BudgetCore
import Rules
import Testing

@Suite("Rules for a configuration")
struct RuleFileTests {
  private func file(_ budgets: [Budget]?, runaways: Bool = false) -> RuleFile {
    RuleFile(RuleSettings(budgets: budgets, watchesRunaways: runaways))
  }

  private func budget(_ name: String, per: [String] = [], _ window: WindowRule) -> Budget {
    Budget(name: name, per: per, limit: 1000, window: window)
  }

  private func alerts(_ file: RuleFile) -> Set<String> {
    Set(
      file.groups.flatMap(\.rules).compactMap { rule in
        if case .alert(let alert) = rule.output { alert.name } else { nil }
      })
  }

  @Test(
    "a window has the factors of the period that it is about as long as",
    arguments: [
      (WindowRule.rolling(.hours(1)), BudgetPeriod.hour), (.fixed(.hours(2)), .hour), (.rolling(.hours(24)), .day),
      (.calendar(CalendarRule(period: .day)), .day), (.rolling(.days(7)), .week),
      (.calendar(CalendarRule(period: .week)), .week), (.calendar(CalendarRule(period: .month)), .month),
      (.rolling(.days(30)), .month), (.rolling(.hours(6)), nil), (.rolling(.minutes(5)), nil),
      (.calendar(CalendarRule(period: .quarter)), nil), (.calendar(CalendarRule(period: .year)), nil),
      (.lifetime(idleExpiry: nil), nil),
    ] as [(WindowRule, BudgetPeriod?)])
  func period(window: WindowRule, period: BudgetPeriod?) {
    #expect(BudgetPeriod(window) == period)
  }

  @Test("only periods that some budget has are watched")
  func periodsOfTheConfiguration() {
    let names = file([budget("daily", .calendar(CalendarRule(period: .day)))]).groups.map(\.name)
    #expect(names.contains("tallygate-day-budgets"))
    #expect(!names.contains { $0.contains("hour") || $0.contains("week") || $0.contains("month") })
  }

  @Test("only lookbacks that some alert uses are recorded")
  func lookbacks() {
    let text = file([budget("hourly", .rolling(.hours(1)))]).text(.prometheus)
    #expect(text.contains("ratio_rate1m") && text.contains("ratio_rate5m"))
    #expect(!text.contains("ratio_rate30m") && !text.contains("ratio_rate1d"))
  }

  @Test("budgets are selected by name, a name with a dot by nothing else")
  func selectors() {
    let text = file([
      budget("a.b", .calendar(CalendarRule(period: .day))), budget("c", .rolling(.hours(24))),
    ]).text(.prometheus)
    #expect(text.contains(#"{budget=~"a[.]b|c"}"#))
  }

  @Test("a budget of several limits is named once")
  func severalLimits() {
    let day = WindowRule.calendar(CalendarRule(period: .day))
    let budgets = [
      budget("daily", day), Budget(name: "daily", unit: .cost, limit: 1, window: day),
    ]
    #expect(file(budgets).text(.prometheus).contains(#"{budget=~"daily"}"#))
  }

  @Test("a window that no factors fit is said, and its budget has the other alerts")
  func withoutBurnAlerts() {
    let file = file([budget("quarter", .calendar(CalendarRule(period: .quarter)))])
    #expect(file.text(.prometheus).contains("because of their windows: quarter."))
    #expect(alerts(file).isSuperset(of: ["TallygateBudgetExhausted", "TallygateBudgetForecastExceeded"]))
    #expect(!alerts(file).contains("TallygateBudgetBurningFast"))
  }

  @Test("a lifetime is never told that it ends within the hour, nor forecast")
  func lifetimes() {
    let found = alerts(file([budget("session", per: ["session"], .lifetime(idleExpiry: .hours(1)))]))
    #expect(found.contains("TallygateBudgetExhausted"))
    #expect(found.isDisjoint(with: ["TallygateBudgetExhaustedWithinHour", "TallygateBudgetForecastExceeded"]))
  }

  @Test("B22: budgets of tasks and runaway rules have their alerts, and nothing else has them")
  func tasks() {
    let day = WindowRule.calendar(CalendarRule(period: .day))
    #expect(alerts(file([budget("task", per: ["task"], day)])).contains("TallygateTaskRunaway"))
    #expect(!alerts(file([budget("agent", per: ["agent"], day)])).contains("TallygateTaskRunaway"))
    #expect(alerts(file([], runaways: true)).contains("TallygateRunaway"))
    #expect(!alerts(file([])).contains("TallygateRunaway"))
  }

  @Test("a configuration without budgets has the sidecar's own alerts")
  func noBudgets() {
    let found = alerts(file([]))
    #expect(found.contains("TallygateUsageLost"))
    #expect(!found.contains { $0.contains("Budget") })
  }

  @Test("an object for the operator holds the same rules")
  func operatorObject() {
    let file = file(nil, runaways: true)
    let rules = file.text(.prometheus).split(separator: "\n").drop { !$0.hasPrefix("groups") }
    let object = file.text(.prometheusrule).split(separator: "\n").drop { !$0.hasPrefix("  groups") }
    #expect(object.map { $0.dropFirst(2) } == Array(rules))
  }

  @Test("quotes, backslashes and control characters in the runbooks' address stay inside it")
  func hostileAddress() {
    var settings = RuleSettings.any
    settings.runbooks = "https://x/\"\\\r\nseverity: none"
    let text = RuleFile(settings).text(.prometheus)
    #expect(text.contains(#"runbook_url: "https://x/\"\\\nseverity: none#tallygateabsent""#))
  }

  @Test("no label stands twice in one alert, and no two rules are told apart by nothing")
  func distinct() {
    let rules = file(nil, runaways: true).groups.flatMap(\.rules)
    var seen: Set<String> = []
    for rule in rules {
      #expect(Set(rule.labels.map(\.name)).count == rule.labels.count)
      guard case .alert(let alert) = rule.output else { continue }
      let labels = rule.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
      #expect(seen.insert("\(alert.name){\(labels)}").inserted, "\(alert.name)")
    }
  }
}
