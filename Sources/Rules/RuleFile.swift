/// Recording and alert rules for a configuration, as Prometheus or its operator reads them.
package struct RuleFile: Sendable {
  package enum Format: String, CaseIterable, Sendable {
    /// A file for `rule_files` of Prometheus' configuration.
    case prometheus
    /// An object for the Prometheus operator.
    case prometheusrule
  }

  /// In the order of evaluation: what is recorded comes before the alerts on it.
  package var groups: [RuleGroup]
  /// The page of the runbooks; an alert's section is its name in lower case.
  package var runbooks: String
  /// Budgets whose windows no factors fit.
  package var withoutBurnAlerts: [String]

  package init(_ settings: RuleSettings) {
    let periods = BudgetPeriod.allCases.map(settings.burnAlerts)
    let groups = [settings.accountRecording()] + periods + [settings.budgetAlerts()]
    self.groups = groups.compactMap { $0 } + [settings.serviceLevelRules(), settings.sidecarAlerts()]
    runbooks = settings.runbooks
    withoutBurnAlerts = settings.withoutBurnAlerts
  }

  /// YAML that ends in a newline; the same rules give the same bytes.
  package func text(_ format: Format) -> String {
    var page = YAMLPage()
    page.line("# Written by `tallygate rules`; a configuration file narrows it to the budgets that it has.")
    if !withoutBurnAlerts.isEmpty {
      let names = withoutBurnAlerts.joined(separator: ", ")
      page.line("# Without alerts on burn rates, because of their windows: \(names).")
    }
    switch format {
    case .prometheus: write(to: &page)
    case .prometheusrule:
      page.line("apiVersion: monitoring.coreos.com/v1")
      page.line("kind: PrometheusRule")
      page.line("metadata:")
      page.line("  name: tallygate")
      page.line("  labels:")
      page.line("    app.kubernetes.io/name: tallygate")
      page.line("spec:")
      page.indentation = 2
      write(to: &page)
    }
    return page.text
  }

  private func write(to page: inout YAMLPage) {
    page.line("groups:")
    for group in groups {
      page.line("  - name: \(group.name)")
      page.line("    rules:")
      for rule in group.rules { write(rule, to: &page) }
    }
  }

  private func write(_ rule: Rule, to page: inout YAMLPage) {
    switch rule.output {
    case .record(let name): page.line("      - record: \(name)")
    case .alert(let alert): page.line("      - alert: \(alert.name)")
    }
    page.block("        expr", rule.expression)
    guard case .alert(let alert) = rule.output else { return }
    if let lasting = alert.lasting { page.line("        for: \(lasting)") }
    page.line("        labels:")
    for label in rule.labels { page.string("          \(label.name)", label.value) }
    page.line("        annotations:")
    page.string("          summary", alert.summary)
    page.string("          description", alert.description)
    page.string("          runbook_url", "\(runbooks)#\(alert.name.lowercased())")
  }
}

/// Lines of YAML with one indentation for all of them.
private struct YAMLPage {
  var text = ""
  /// Columns.
  var indentation = 0

  mutating func line(_ line: String) {
    text += String(repeating: " ", count: indentation) + line + "\n"
  }

  /// A text that keeps its lines, indented below its key.
  mutating func block(_ key: String, _ value: String) {
    line("\(key): |-")
    let below = String(repeating: " ", count: key.prefix { $0 == " " }.count + 2)
    for part in value.split(separator: "\n") { line(below + part) }
  }

  /// A text of one line, in double quotes.
  mutating func string(_ key: String, _ value: String) {
    var quoted = ""
    for character in value.unicodeScalars {
      switch character {
      case "\"", "\\": quoted += "\\\(character)"
      case "\n": quoted += "\\n"
      case _ where character.properties.generalCategory == .control: break
      default: quoted.unicodeScalars.append(character)
      }
    }
    line("\(key): \"\(quoted)\"")
  }
}
