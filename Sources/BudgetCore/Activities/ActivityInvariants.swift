// What holds of activities at any time, for tests and simulations.
extension Ledger {
  /// Every broken rule as a sentence; empty when all hold. O(activities x rules).
  func brokenActivities() -> [String] {
    var broken: [String] = []
    if activities.count > settings.activities.most { broken.append("\(activities.count) activities") }
    if costModels.count > max(1, settings.anomaly.maxAgents) { broken.append("costs of \(costModels.count) agents") }
    for index in 0..<activities.limit where activities.isOccupied(index) {
      let activity = activities[index]
      let name = activities.name(index)
      if min(activity.tokens, activity.requests, activity.items, activity.steps, activity.repeats) < 0
        || activity.cost < 0
      {
        broken.append("\(name.key) \(name.value) is negative")
      }
      if activity.isOpen, activity.isRunningAway { broken.append("\(name.key) \(name.value) runs away untold") }
    }
    return broken
  }
}
