import BudgetCore
import JSONText
import Terminal

/// An account as the control endpoint's bodies show it.
struct RemoteAccount {
  let budget: String
  let unit: BudgetUnit
  let tags: [Tag]
  let used: Quantity
  /// `nil` is unlimited.
  let limit: Quantity?
  let state: String
  let isStopped: Bool
  let resetsAt: String?

  /// `nil` when the value is no account.
  init?(_ value: JSONValue) {
    guard let name = value["budget"]?.asString, let unit = value["unit"]?.asString.flatMap({ BudgetUnit(name: $0) }),
      let used = Self.amount(value["used"], unit)
    else { return nil }
    budget = name
    self.unit = unit
    self.used = used
    tags = (value["tags"]?.asObject?.members ?? []).map { Tag(key: $0.key, value: $0.value.asString ?? "") }
    limit = Self.amount(value["limit"], unit)
    state = value["state"]?.asString ?? ""
    isStopped = value["stopped"]?.asBool ?? false
    resetsAt = value["resets_at"]?.asString
  }

  /// The accounts of an answer's member, or of the answer itself when it is an array.
  static func all(in value: JSONValue) -> [RemoteAccount] {
    (value.asArray ?? value["accounts"]?.asArray ?? []).compactMap { RemoteAccount($0) }
  }

  private static func amount(_ value: JSONValue?, _ unit: BudgetUnit) -> Quantity? {
    unit == .cost
      ? value?.asString.flatMap { JSONNumber(literal: $0) }?.decimal(scale: 12) : value?.asNumber?.decimal(scale: 0)
  }

  /// The budget and whose account it is: `agent-daily agent=researcher`.
  var name: String {
    let owner = tags.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    return (owner.isEmpty ? budget : "\(budget) \(owner)").forTerminal
  }

  /// `82,000 of 100,000 tokens`
  func usedText(of limit: Quantity) -> String {
    "\(GroupedDigits.number(used, unit)) of \(GroupedDigits.text(limit, unit))"
  }

  /// `agent-daily agent=researcher: [████████░░] 82% (82,000/100,000 tokens), warning`
  var line: String {
    let bar = ProgressBar(used: used, limit: limit, unit: unit).text
    return "\(name): \(bar), \(state.forTerminal)\(isStopped ? ", stopped" : "")\n"
  }
}
