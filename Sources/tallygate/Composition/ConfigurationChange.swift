import BudgetCore

/// What another configuration changes, for people and for metrics.
struct ConfigurationChange: Equatable {
  /// Names of budgets.
  var added: [String] = []
  var removed: [String] = []
  var changed: [String] = []
  /// Other parts of the file that differ, as it names them.
  var parts: [String] = []

  init(from old: LedgerSettings, to new: LedgerSettings) {
    let names = Self.names(old.budgets)
    let newNames = Self.names(new.budgets)
    added = newNames.filter { !names.contains($0) }
    removed = names.filter { !newNames.contains($0) }
    changed = names.filter { name in
      newNames.contains(name) && old.budgets.filter { $0.name == name } != new.budgets.filter { $0.name == name }
    }
    let others: [(String, Bool)] = [
      ("pools", old.pools == new.pools), ("labels", old.labels == new.labels), ("scopes", old.scopes == new.scopes),
      ("prices", old.prices.models == new.prices.models && old.prices.fallback == new.prices.fallback),
      ("estimates", old.estimates == new.estimates), ("bounds", old.bounds == new.bounds),
      ("advice", old.advice == new.advice), ("activities", old.activities == new.activities),
      ("anomaly", old.anomaly == new.anomaly),
    ]
    parts = others.filter { !$0.1 }.map(\.0)
  }

  var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty && parts.isEmpty }

  /// For example `budget team added; budget daily changed; prices changed`.
  var sentences: [String] {
    added.map { "budget \($0) added" } + removed.map { "budget \($0) removed" } + changed.map { "budget \($0) changed" }
      + parts.map { "\($0) changed" }
  }

  private static func names(_ budgets: [Budget]) -> [String] {
    budgets.map(\.name).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }
}
