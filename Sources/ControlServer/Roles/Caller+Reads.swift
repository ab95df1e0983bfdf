import BudgetCore

// What a caller who speaks for some only may read. What several identities share, such as the account of a budget for
// all, is shown to each of them: their own calls are decided by it. What names somebody else is not.
extension Caller {
  /// Whether a budget can count what this caller uses.
  func sees(_ budget: Budget) -> Bool {
    guard let binding, budget.countsOwn else { return true }
    return binding.overlaps(budget.match)
  }

  func sees(_ account: AccountStatus) -> Bool {
    guard let binding else { return true }
    return sees(account.budget) && binding.violation(in: account.tags, partial: true) == nil
  }

  /// Whether a tag is this caller's: also false for a tag of which its credential says nothing.
  func owns(_ tag: Tag) -> Bool {
    guard let binding else { return true }
    return binding.names(tag.key) && binding.violation(in: [tag], partial: true) == nil
  }

  /// The refusal to read about a tag that is not this caller's, or nil.
  func refusal(ofReading tag: Tag) -> HTTPResponse? {
    guard let binding, !owns(tag) else { return nil }
    return foreign("\(binding): \(tag.key) \(tag.value.prefix(64)) is not said to be among them.")
  }

  /// The refusal to read what is kept by a tag that does not tell whose it is, or nil.
  func refusal(ofReadingBy key: String) -> HTTPResponse? {
    guard let binding, !binding.names(key) else { return nil }
    return foreign("\(binding), and what is kept by \(key.prefix(64)) does not tell whose it is.")
  }

  /// The refusal to read sums over labels without which nobody can tell whose they are, or nil.
  func refusal(ofReadingBy labels: [String]) -> HTTPResponse? {
    guard let binding, let key = binding.keys.first(where: { !labels.contains($0) }) else { return nil }
    return foreign("\(binding), and nothing tells whose totals are: \(key) is none of the labels that are kept.")
  }

  /// Whether the labels of an exported series say of each bound tag that it is this caller's.
  func sees(series labels: [Tag]) -> Bool {
    guard let binding else { return true }
    let tags = binding.keys.compactMap { key in
      labels.first { $0.key == LabelText.labelName(key) }.map { Tag(key: key, value: $0.value) }
    }
    return binding.violation(in: tags) == nil
  }

  /// The refusal of a route that shows or does what is everybody's, or nil.
  func refusal(of route: Route) -> HTTPResponse? {
    guard let binding, route.reach == .everybody else { return nil }
    return foreign("\(binding), and this verb is not limited to them.")
  }

  private func foreign(_ detail: String) -> HTTPResponse {
    Problem(
      type: ProblemType.foreignIdentity, title: "Not your identity", status: .forbidden,
      detail: "The token \(name) speaks for \(detail)"
    ).response()
  }
}
