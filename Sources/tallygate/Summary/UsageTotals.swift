import BudgetCore

/// Sums over all series of a view, by kind of token and by model.
struct UsageTotals: Sendable {
  struct Model: Sendable {
    var name: String
    var tokens: Int64 = 0
    var requests: Int64 = 0
    /// Picodollars.
    var cost: Quantity = 0
  }

  /// By name.
  private(set) var tokens: [(name: String, count: Int64)] = []
  /// The most expensive first.
  private(set) var models: [Model] = []
  private(set) var requests: Int64 = 0
  /// Picodollars.
  private(set) var cost: Quantity = 0

  var allTokens: Int64 { tokens.reduce(0) { $0.saturatingAdd($1.count) } }

  /// O(series). The labels have to name token type and model for these to be told apart.
  init(_ view: LedgerView) {
    var kinds: [String: Int64] = [:]
    var byModel: [String: Model] = [:]
    for row in view.series {
      let labels = LabelText.parse(row.labelText) ?? []
      cost += row.cost
      requests = requests.saturatingAdd(row.requests)
      if row.seen.contains(.tokens) {
        kinds[labels.value(of: TagName.tokenType) ?? "all", default: 0] += row.tokens
      }
      guard let name = labels.value(of: TagName.model), !name.isEmpty else { continue }
      byModel[name, default: Model(name: name)].add(row)
    }
    tokens = kinds.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    models = byModel.values.sorted { ($0.cost, $0.tokens, $1.name) > ($1.cost, $1.tokens, $0.name) }
  }
}

extension UsageTotals.Model {
  fileprivate mutating func add(_ row: SeriesRow) {
    tokens = tokens.saturatingAdd(row.tokens)
    requests = requests.saturatingAdd(row.requests)
    cost += row.cost
  }
}

extension [Tag] {
  fileprivate func value(of key: String) -> String? { first { $0.key == key }?.value }
}
