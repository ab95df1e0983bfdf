import BudgetCore

/// A habit that costs money, seen in the numbers.
package struct AntiPattern: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// Agents without a budget of their own.
    case unlimitedAgents = "unlimited-agents"
    /// The same model for every agent and task.
    case oneModel = "one-model"
    /// Agents that count what they send and not what they get.
    case outputIgnored = "output-ignored"
    /// Agents that send much again and again, and cache none of it.
    case noCaching = "no-caching"
  }

  package var kind: Kind
  package var sentence: String
  /// The agents it is about, if any.
  package var agents: [String]

  /// So many calls say something about how models are chosen.
  package static let telltaleRequests: Int64 = 100
  /// So much input without any output is no accident.
  package static let telltaleInput: Int64 = 10_000
  /// From here on a cache pays.
  package static let cacheableInput: Int64 = 100_000

  /// - Parameters:
  ///   - rows: by agent.
  ///   - limited: the agents that a limit of their own holds.
  package static func find(in rows: [UsageRow], limited: Set<String>) -> [AntiPattern] {
    let agents = UsageReport(tag: "agent", rows: rows.filter { !$0.name.isEmpty }).lines
    var found: [AntiPattern] = []
    func add(_ kind: Kind, _ names: [String], _ sentence: (String) -> String) {
      guard !names.isEmpty else { return }
      found.append(AntiPattern(kind: kind, sentence: sentence(list(names)), agents: names))
    }
    add(.unlimitedAgents, agents.filter { $0.tokens > 0 && !limited.contains($0.name) }.map(\.name)) {
      "No budget of their own limits \($0). Add one with per: [agent]."
    }
    let models = Set(rows.filter { !$0.model.isEmpty && $0.tokens > 0 }.map(\.model))
    let requests = agents.reduce(Int64(0)) { $0.saturatingAdd($1.requests) }
    if let model = models.first, models.count == 1, requests >= telltaleRequests {
      found.append(
        AntiPattern(
          kind: .oneModel,
          sentence: "\(model) takes all \(requests) calls. A cheaper one will do for easy tasks: see advice.models.",
          agents: []))
    }
    add(.outputIgnored, agents.filter { $0.input >= telltaleInput && $0.output == 0 }.map(\.name)) {
      "No output is counted for \($0). Output costs several times what input does: send it too."
    }
    add(.noCaching, agents.filter { $0.input >= cacheableInput && $0.cached == 0 }.map(\.name)) {
      "Nothing is read from a cache by \($0). Prompts that begin alike cost a fraction when they are cached."
    }
    return found
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
