import BudgetCore
import Terminal
import UsageProtocol

// What the summaries of `run --exit-on-eof` and of `exec` have in common.

extension RejectReason {
  /// How many lines were refused, by reason: when they were parsed and when they were counted. Those that came up.
  static func counts(_ parsed: LineTally, _ counted: LedgerCounters) -> [(name: String, count: Int64)] {
    allCases.map { ($0.name, parsed[$0] + counted[$0]) }.filter { $0.1 > 0 }
  }
}

extension AccountStatus {
  /// `agent-daily agent=a: [####      ] 40 % …, ok`
  var summary: String {
    let owner = tags.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    let name = owner.isEmpty ? budget.name : "\(budget.name) \(owner)"
    let bar = ProgressBar(used: used, limit: limit, unit: budget.unit).text
    return "\(name.forTerminal): \(bar), \(state.rawValue)"
  }
}
