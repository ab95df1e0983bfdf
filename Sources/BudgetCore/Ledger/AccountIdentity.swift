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
  /// The name of the budget's window.
  var window: String { rule.window }

  var values: [String] { tags.map(\.value) }
}

/// The accounts that stand at each place of their table.
///
/// A copy is one reference and stays what it was: of what it shares with the table only the page that changes is copied,
/// so that an answer can name its accounts while the table goes on.
struct AccountNames: Sendable {
  private var pages: [[AccountIdentity]] = []

  private static var pageBits: Int { 8 }
  private static var pageSize: Int { 1 << pageBits }

  subscript(index: Int) -> AccountIdentity {
    get { pages[index >> Self.pageBits][index & (Self.pageSize - 1)] }
    set { pages[index >> Self.pageBits][index & (Self.pageSize - 1)] = newValue }
  }

  mutating func append(_ identity: AccountIdentity) {
    if pages.last.map({ $0.count == Self.pageSize }) ?? true { pages.append([]) }
    pages[pages.count - 1].append(identity)
  }
}

/// A budget that all of its accounts refer to.
final class SharedBudget: Sendable {
  let budget: Budget
  /// The name of its window.
  let window: String
  /// The labels that all of its accounts have.
  private let commonLabels: [UInt8]
  /// The names of the others, for its `per` tags.
  private let labelNames: [String]

  init(_ budget: Budget) {
    self.budget = budget
    window = budget.window.name
    var labels: [UInt8] = []
    LabelText.append(name: "budget", value: budget.name, to: &labels)
    LabelText.append(name: "unit", value: budget.unit.name, to: &labels)
    LabelText.append(name: "window", value: window, to: &labels)
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
