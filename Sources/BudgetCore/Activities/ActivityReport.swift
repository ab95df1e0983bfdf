/// What `/metrics` shows of activities and of calls that cost too much.
package struct ActivityReport: Sendable {
  /// By name, without what budgets pay for.
  package var jobs: [JobProgress] = []
  package var sessions = SessionHistogram()
  package var openSessions = 0
  package var count = 0
  package var overflow: Int64 = 0
  /// For each tag and cause that a rule watches how often it was told.
  package var runaways: [(tag: String, cause: RunawayCause, count: Int64)] = []
  /// For each agent of which enough calls are known how many cost too much; `__other__` takes those that made room.
  package var anomalies: [(agent: String, count: Int64)] = []

  package init() {}
}

extension Ledger {
  /// O(activities + agents).
  func activityReport() -> ActivityReport {
    var report = ActivityReport()
    report.jobs = jobs()
    report.sessions = activities.sessions
    for index in 0..<activities.limit where activities.isOccupied(index) && activities[index].isOpen {
      let activity = activities[index]
      if !activity.isOverflow, activities.tags[activity.tag] == TagName.session { report.openSessions += 1 }
    }
    report.count = activities.count
    report.overflow = activities.overflow
    for (tag, name) in activities.tags.enumerated() {
      for cause in RunawayCause.allCases where activities.quietUpTo[tag][cause.rawValue] < .max {
        report.runaways.append((name, cause, activities.runaways[tag][cause.rawValue]))
      }
    }
    costModels.forEach { agent, entry in
      guard entry.model.count >= CostModel.enough, agent != Self.overflowValue else { return }
      report.anomalies.append((agent, entry.anomalies))
    }
    if costModels.otherAnomalies > 0 { report.anomalies.append((Self.overflowValue, costModels.otherAnomalies)) }
    return report
  }
}
