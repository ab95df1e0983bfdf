import BudgetCore

/// Which budgets name a parent, and which count nothing of their own.
struct Hierarchy {
  fileprivate var parents: [(child: String, parent: String, field: Field)] = []
  fileprivate var countingNothing: [(name: String, field: Field)] = []

  /// The parent that a budget names.
  mutating func add(_ section: Section, name: String, countsOwn: Bool) -> String? {
    if !countsOwn, let field = section["match"] { countingNothing.append((name, field)) }
    guard let field = section["parent"], case .scalar(let parent, _) = field.node.content, !field.node.isNull else {
      return nil
    }
    parents.append((name, parent, field))
    return parent
  }
}

/// `parent:` and `match: none` of a budget.
extension ConfigurationDecoder {
  /// `match: none`: nothing but what its children count.
  func isNone(_ field: Field?) -> Bool {
    if case .scalar("none", _) = field?.node.content { true } else { false }
  }

  mutating func check(_ hierarchy: Hierarchy, of budgets: [Budget]) {
    for (child, parent, field) in hierarchy.parents {
      let own = budgets.filter { $0.name == child }
      let above = budgets.filter { $0.name == parent }
      guard let first = above.first else {
        let nearest = NearestName.find(parent, among: budgets.map(\.name))
        fail(
          field, "no budget is named \(parent.quotedForMessage)",
          nearest.map { "Did you mean \($0)?" } ?? "Name one of the budgets of this file")
        continue
      }
      guard own.contains(where: { mine in above.contains { $0.unit == mine.unit } }) else {
        fail(
          field, "the budget \(parent) has no limit in a unit of this one",
          "Give it a limit of \(list(own.map(\.unit.name)))")
        continue
      }
      if let extra = first.per.first(where: { own.first?.per.contains($0) == false }) {
        fail(
          field, "the budget \(parent) has an account for each \(extra), which this one does not tell apart",
          "Add \(extra) to this budget's per, or take it from the other's")
      }
      if isCircle(from: child, hierarchy) {
        fail(field, "the budget is above itself", "Take one parent out of the circle")
      }
    }
    for (name, field) in hierarchy.countingNothing where !hierarchy.parents.contains(where: { $0.parent == name }) {
      fail(
        field, "the budget counts nothing: no other names it as its parent",
        "Write parent: \(name) in the budgets below it, or remove match: none")
    }
  }

  private func isCircle(from name: String, _ hierarchy: Hierarchy) -> Bool {
    var at = name
    for _ in hierarchy.parents {
      guard let next = hierarchy.parents.first(where: { $0.child == at }) else { return false }
      at = next.parent
      if at == name { return true }
    }
    return false
  }
}
