import BudgetCore

/// What the budgets have to say about the command: which are gone, and whether one was ever exceeded.
struct ExecVerdict: Sendable {
  private struct Key: Hashable {
    var budget: String
    var unit: BudgetUnit
    var tags: [Tag]
  }

  private let budgets: [Budget]
  private var gone: Set<Key> = []
  /// A limit of a budget that is enforced was passed at least once.
  private(set) var wasExceeded = false

  init(_ budgets: [Budget]) { self.budgets = budgets }

  /// Nothing may be used any more.
  var isGone: Bool { !gone.isEmpty }

  mutating func take(_ event: BudgetEvent) {
    guard let budget = budgets.first(where: { $0.name == event.budget && $0.unit == event.unit }),
      budget.mode == .enforce
    else { return }
    let key = Key(budget: event.budget, unit: event.unit, tags: event.tags)
    switch event.kind {
    case .warn, .exhausted, .forecast: break
    case .exceeded:
      wasExceeded = true
      // With a grace, there is something left to come to an end with.
      if budget.stopGrace == nil { gone.insert(key) }
    case .stop: gone.insert(key)
    case .resume: gone.remove(key)
    }
  }

  /// What to tell people of an event; nothing of what a later one of the same use says better.
  static func sentence(_ event: BudgetEvent) -> String? {
    let owner = event.tags.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    let whose = owner.isEmpty ? event.budget : "\(event.budget) (\(owner))"
    let amounts = event.limit.map { limit in
      "\(GroupedDigits.number(event.used, event.unit)) of \(GroupedDigits.text(limit, event.unit))"
    }
    guard let amounts, let limit = event.limit else { return nil }
    switch event.kind {
    case .warn where event.used >= limit, .exhausted where event.used > limit: return nil
    case .warn: return "\(ProgressBar.percent(of: event.used, in: limit))% of \(whose) is used: \(amounts)"
    case .exhausted: return "\(whose) is used up: \(amounts)"
    case .exceeded: return "\(whose) is exceeded: \(amounts)"
    case .stop: return "\(whose) and its grace are used up: \(amounts)"
    case .forecast: return "\(whose) will very likely be used up before its window ends: \(amounts)"
    case .resume: return "\(whose) has something left again: \(amounts)"
    }
  }
}
