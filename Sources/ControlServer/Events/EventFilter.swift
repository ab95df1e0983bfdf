import BudgetCore

/// Which events a subscriber wants to hear of; without names, of all.
struct EventFilter: Hashable, Sendable {
  /// Names of budgets and pools.
  var budgets: Set<String> = []
  /// Names of kinds, such as `warn`.
  var kinds: Set<String> = []
  /// Who hears of their own only.
  var listener: Listener?

  /// Somebody who speaks for some only, and the budgets and pools that can count what they use.
  struct Listener: Hashable {
    let binding: TagBinding
    let budgets: Set<String>

    func admits(_ entry: EventRing.Entry) -> Bool {
      if let budget = entry.budget, !budgets.contains(budget) { return false }
      return switch entry.owner {
      case .account(let tags): binding.violation(in: tags, partial: true) == nil
      case .subject(let tag): binding.names(tag.key) && binding.violation(in: [tag], partial: true) == nil
      }
    }
  }

  func admits(_ entry: EventRing.Entry) -> Bool {
    guard listener?.admits(entry) ?? true else { return false }
    return (budgets.isEmpty || entry.budget.map { budgets.contains($0) } ?? false)
      && (kinds.isEmpty || kinds.contains(entry.kind))
  }
}

extension EventFilter {
  private static let knownKinds = Set(
    BudgetEvent.Kind.allCases.map(\.name) + PoolSignal.allCases.map(\.name)
      + SubjectEvent.Kind.allCases.map(\.rawValue) + ActivityEvent.names)

  /// Reads `?budget=a,b&kind=warn&kind=resume`: names in a comma list, in repeated parameters or both.
  init(_ query: QueryParameters, settings: LedgerSettings, caller: Caller = .anonymous) throws(BadRequest) {
    budgets = try Self.names("budget", in: query)
    kinds = try Self.names("kind", in: query)
    let known = Set(settings.budgets.filter(caller.sees).map(\.name) + settings.pools.map(\.name))
    listener = caller.binding.map { Listener(binding: $0, budgets: known) }
    for name in budgets where !known.contains(name) {
      throw BadRequest("No budget or pool is named \(name.prefix(64)).", member: "budget")
    }
    for name in kinds where !Self.knownKinds.contains(name) {
      let list = Self.knownKinds.sorted().joined(separator: ", ")
      throw BadRequest("kind must be one of \(list), got \(name.prefix(64)).", member: "kind")
    }
  }

  private static func names(_ parameter: String, in query: QueryParameters) throws(BadRequest) -> Set<String> {
    var names: Set<String> = []
    for value in query.all(parameter) {
      for name in value.split(separator: ",", omittingEmptySubsequences: false) {
        guard !name.isEmpty else { throw BadRequest("\(parameter) has an empty name.", member: parameter) }
        names.insert(String(name))
      }
    }
    return names
  }
}
