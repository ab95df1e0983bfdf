/// What is kept of jobs, sessions and tasks, and what is too much for one of them.
package struct ActivitySettings: Hashable, Sendable {
  /// Activities over all tags, about 300 bytes each; further ones share one `__other__` for each tag. An eighth of
  /// them is for jobs alone, so that a flood of sessions hides no job's progress.
  package var most = 8192
  /// An activity without use for this long has ended.
  package var idleExpiry = Interval.hours(1)
  /// The same of jobs, whose progress is looked at after the end.
  package var jobExpiry = Interval.days(7)
  /// How many items the jobs that are known beforehand have, by their names.
  package var jobs: [String: Int64] = [:]
  package var runaways: [RunawayRule] = []

  package init() {}

  package static let mostRunawayRules = 32
  package static let mostDeclaredJobs = 1000
  /// No job has more items.
  package static let mostItems: Int64 = 1_000_000_000_000_000

  /// The tags whose values are activities.
  package var tags: [String] {
    var tags = [TagName.job, TagName.session, TagName.task]
    for rule in runaways where !tags.contains(rule.per) { tags.append(rule.per) }
    return tags
  }
}
