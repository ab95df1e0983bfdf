/// One rule of a Prometheus rule file: a series that is computed, or a condition that somebody is told about.
package struct Rule: Hashable, Sendable {
  package enum Output: Hashable, Sendable {
    /// A new series, named `level:metric:operation`.
    case record(String)
    case alert(Alert)
  }

  package var output: Output
  /// PromQL, of one or several lines.
  package var expression: String
  /// Static labels, in the order they are written.
  package var labels: [(name: String, value: String)] {
    guard case .alert(let alert) = output else { return [] }
    return [("severity", alert.severity.rawValue)] + alert.details.map { ($0.name, $0.value) }
  }

  static func record(_ name: String, _ expression: String) -> Rule {
    Rule(output: .record(name), expression: expression)
  }

  static func alert(_ alert: Alert, when expression: String) -> Rule {
    Rule(output: .alert(alert), expression: expression)
  }
}

/// What is told when an alert fires, and to whom.
package struct Alert: Hashable, Sendable {
  package enum Severity: String, CaseIterable, Sendable {
    /// Somebody is woken: a budget is being lost in hours, or is counted wrongly.
    case critical
    /// Looked at on the same working day.
    case warning
    /// For a board or a channel.
    case info
  }

  /// A label that tells apart alerts of one name.
  package struct Detail: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  package var name: String
  package var severity: Severity
  package var details: [Detail] = []
  /// How long the condition has to last, in PromQL's spelling; `nil` tells it at once.
  package var lasting: String?
  /// A whole sentence without variables.
  package var summary: String
  /// Sentences with the alert's labels and value.
  package var description: String
}

/// Rules that are evaluated one after the other, so that a rule may use what those before it recorded.
package struct RuleGroup: Hashable, Sendable {
  package var name: String
  package var rules: [Rule]
}
