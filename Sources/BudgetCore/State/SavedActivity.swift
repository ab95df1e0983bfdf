/// One job, session or task as it is stored.
package struct SavedActivity: Sendable {
  package var tag: String
  package var value: String
  package var isOpen: Bool
  package var tokens: Int64
  package var requests: Int64
  package var items: Int64
  package var itemCarry: UInt32
  /// Picodollars.
  package var cost: Quantity
  package var expectedItems: Int64?
  package var began: Moment
  package var lastUse: Moment
  package var steps: Int64
  /// Hashes; 0 for none.
  package var step: UInt64
  package var repeats: Int64
  package var fingerprint: UInt64
  /// One for each `RunawayCause`: the largest limit that was told, 0 for none.
  package var told: [Int64]

  package init(
    tag: String, value: String, isOpen: Bool, tokens: Int64, requests: Int64, items: Int64, itemCarry: UInt32,
    cost: Quantity, expectedItems: Int64?, began: Moment, lastUse: Moment, steps: Int64, step: UInt64, repeats: Int64,
    fingerprint: UInt64, told: [Int64]
  ) {
    self.tag = tag
    self.value = value
    self.isOpen = isOpen
    self.tokens = tokens
    self.requests = requests
    self.items = items
    self.itemCarry = itemCarry
    self.cost = cost
    self.expectedItems = expectedItems
    self.began = began
    self.lastUse = lastUse
    self.steps = steps
    self.step = step
    self.repeats = repeats
    self.fingerprint = fingerprint
    self.told = told
  }
}

/// What is counted over all activities, as it is stored.
package struct SavedActivityTotals: Hashable, Sendable {
  package var overflow: Int64 = 0
  package var sessions = SessionHistogram()
  /// For each tag one count for each `RunawayCause`.
  package var runaways: [Runaways] = []

  package struct Runaways: Hashable, Sendable {
    package var tag: String
    package var counts: [Int64]

    package init(tag: String, counts: [Int64]) {
      self.tag = tag
      self.counts = counts
    }
  }

  package init() {}
}

/// What calls of one agent cost, as it is stored.
package struct SavedCostModel: Hashable, Sendable {
  package var agent: String
  package var model: CostModel
  package var anomalies: Int64
  /// On the steady clock.
  package var lastUse: Instant

  package init(agent: String, model: CostModel, anomalies: Int64, lastUse: Instant) {
    self.agent = agent
    self.model = model
    self.anomalies = anomalies
    self.lastUse = lastUse
  }
}
