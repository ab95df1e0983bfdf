// How activities end: by doing nothing for a while. What a session used is then known, and counts in the histogram.
extension Ledger {
  private static let rowsPerCall = 20_000
  private static let sweepInterval = Interval.minutes(1)
  private static let fullSweepInterval = Interval.seconds(10)

  /// Ends what is idle, and gives up places when they run short. `true` when routes must be resolved anew.
  mutating func endIdleActivities(now: Moment) -> Bool {
    for _ in 0..<min(Self.rowsPerCall, activities.limit) {
      activities.expiryCursor = (activities.expiryCursor + 1) % activities.limit
      let index = activities.expiryCursor
      guard activities.isOccupied(index), isIdle(activities[index], now: now) else { continue }
      endActivity(index)
    }
    return removeEndedActivities(now: now)
  }

  private func isIdle(_ activity: Activity, now: Moment) -> Bool {
    let isJob = activities.tags[activity.tag] == TagName.job
    let expiry = isJob ? settings.activities.jobExpiry : settings.activities.idleExpiry
    return now.steady - activity.lastUse.steady > expiry
  }

  private mutating func endActivity(_ index: Int) {
    let activity = activities[index]
    if activity.isOpen, !activity.isOverflow, activities.tags[activity.tag] == TagName.session {
      activities.sessions.observe(activity.tokens)
    }
    activities[index] = Activity(tag: activity.tag, isOverflow: activity.isOverflow, now: activity.lastUse)
  }

  /// Only when room is short, and not at every call: all routes are resolved anew after it.
  private mutating func removeEndedActivities(now: Moment) -> Bool {
    let most = settings.activities.most
    guard activities.count > most / 2 else { return false }
    let interval = activities.count >= most - most / 8 ? Self.fullSweepInterval : Self.sweepInterval
    guard now.steady - activities.lastSweep >= interval else { return false }
    activities.lastSweep = now.steady
    var removed = false
    for index in 0..<activities.limit where activities.isOccupied(index) {
      let activity = activities[index]
      guard !activity.isOpen, activity.expectedItems == nil, !activity.isOverflow else { continue }
      activities.remove(index)
      removed = true
    }
    return removed
  }
}
