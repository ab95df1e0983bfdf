/// A copy of the activities and of what calls cost, to be written outside the lock.
///
/// Keys point into pages that the capture of the whole ledger holds.
package struct ActivityCapture: @unchecked Sendable {
  let settings: ActivitySettings
  let tags: [String]
  let activities: [Activity]
  /// One for each of `activities`: the tag's number and the value; empty where nothing is.
  let keys: [UnsafeRawBufferPointer]
  package private(set) var totals = SavedActivityTotals()
  package private(set) var costModels: [SavedCostModel] = []
  package let otherAnomalies: Int64

  init(_ ledger: borrowing Ledger) {
    settings = ledger.settings.activities
    tags = ledger.activities.tags
    activities = ledger.activities.copy()
    var keys: [UnsafeRawBufferPointer] = []
    keys.reserveCapacity(ledger.activities.limit)
    for index in 0..<ledger.activities.limit { keys.append(ledger.activities.keys.key(index)) }
    self.keys = keys
    totals.overflow = ledger.activities.overflow
    totals.sessions = ledger.activities.sessions
    for (tag, name) in tags.enumerated() {
      let counts = ledger.activities.runaways[tag]
      totals.runaways.append(.init(tag: name, counts: counts.indices.map { counts[$0] }))
    }
    var models: [SavedCostModel] = []
    ledger.costModels.forEach { agent, entry in
      models.append(
        SavedCostModel(agent: agent, model: entry.model, anomalies: entry.anomalies, lastUse: entry.lastUse))
    }
    costModels = models
    otherAnomalies = ledger.costModels.otherAnomalies
  }

  /// About how many bytes they take when they are written.
  var estimatedLength: Int { activities.count * 96 + costModels.count * 48 }

  /// Every activity that is open or declared.
  package func forEach(_ body: (SavedActivity) -> Void) {
    for (activity, key) in zip(activities, keys) {
      guard let tag = key.first, activity.isOpen || activity.expectedItems != nil else { continue }
      body(
        SavedActivity(
          tag: tags[Int(tag)], value: String(decoding: key.dropFirst(), as: UTF8.self), isOpen: activity.isOpen,
          tokens: activity.tokens, requests: activity.requests, items: activity.items, itemCarry: activity.itemCarry,
          cost: activity.cost, expectedItems: activity.expectedItems, began: activity.began,
          lastUse: activity.lastUse, steps: activity.steps, step: activity.step, repeats: activity.repeats,
          fingerprint: activity.fingerprint,
          told: RunawayCause.allCases.map { told(activity, $0, tag: tags[Int(tag)]) }))
    }
  }

  /// The largest limit that was told; 0 for none.
  private func told(_ activity: Activity, _ cause: RunawayCause, tag: String) -> Int64 {
    let limits = settings.runaways.filter { $0.per == tag }.compactMap { $0.limits[cause] }
    return limits.filter { $0 <= activity.quietUpTo[cause.rawValue] }.max() ?? 0
  }
}
