/// Which account an account is: made when it is born and shared by everybody who is shown it.
package final class AccountIdentity: Sendable {
  private let rule: SharedBudget
  /// The budget's `per` tags and their values, in their order.
  package let tags: [Tag]

  init(rule: SharedBudget, values: [String]) {
    self.rule = rule
    tags = zip(rule.budget.per, values).map { Tag(key: $0, value: $1) }
  }

  package var budget: Budget { rule.budget }

  var values: [String] { tags.map(\.value) }
}

/// A budget that all of its accounts refer to.
final class SharedBudget: Sendable {
  let budget: Budget
  /// The labels that all of its accounts have.
  private let commonLabels: [UInt8]
  /// The names of the others, for its `per` tags.
  private let labelNames: [String]

  init(_ budget: Budget) {
    self.budget = budget
    var labels: [UInt8] = []
    LabelText.append(name: "budget", value: budget.name, to: &labels)
    LabelText.append(name: "unit", value: budget.unit.name, to: &labels)
    LabelText.append(name: "window", value: budget.window.name, to: &labels)
    commonLabels = labels
    labelNames = budget.per.map { LabelText.labelName($0) }
  }

  /// The labels of an account as `/metrics` shows them, which are also its key.
  func key(of values: [String]) -> [UInt8] {
    var text = commonLabels
    text.reserveCapacity(128)
    for (name, value) in zip(labelNames, values) { LabelText.append(name: name, value: value, to: &text) }
    return text
  }
}
