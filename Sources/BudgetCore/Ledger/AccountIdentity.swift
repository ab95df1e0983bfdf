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

  init(_ budget: Budget) { self.budget = budget }
}
