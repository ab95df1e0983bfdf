// What happens when an activity reaches a limit: it is told once, and stopped where the rule says so.
extension Ledger {
  /// Tells every limit that was reached since the last look. O(rules).
  @inline(never)
  mutating func tellRunaway(_ index: Int, now: Moment) {
    let subject = activities.name(index)
    for cause in RunawayCause.allCases {
      let (activity, count) = (activities[index], activities[index][cause])
      let quiet = activity.quietUpTo[cause.rawValue]
      guard count > quiet else { continue }
      activities[index].quietUpTo[cause.rawValue] = settings.activities.quietUpTo(
        per: subject.key, cause, after: count)
      for rule in settings.activities.runaways where rule.per == subject.key {
        guard let limit = rule.limits[cause], limit > quiet, limit <= count else { continue }
        var runaway = Runaway(
          subject: subject, cause: cause, count: count, limit: limit, action: rule.action, at: now.wall)
        activities.runaways[activity.tag][cause.rawValue] &+= 1
        if rule.action == .stop, case .full = stopSubject(subject, reason: runaway.reason, now: now) {
          // As many are stopped as may be: it goes on, and nobody shall think otherwise.
          runaway.action = .event
        }
        post(.activity(.runaway(runaway)))
      }
    }
  }
}

extension ActivitySettings {
  /// The largest count below the next limit when all limits up to `count` were told; `max` when there is none.
  func quietUpTo(per tag: String, _ cause: RunawayCause, after count: Int64) -> Int64 {
    let limits = runaways.filter { $0.per == tag }.compactMap { $0.limits[cause] }
    return limits.filter { $0 > count }.min().map { $0 - 1 } ?? .max
  }
}
