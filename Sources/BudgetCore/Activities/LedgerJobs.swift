/// What became of the declaration of a job.
package enum DeclareOutcome: Sendable {
  case declared(JobProgress)
  /// As many activities are known as may be.
  case full
}

// Jobs: activities with items, and their progress.
extension Ledger {
  /// Says how many items a job has, before its first use or while it runs. It is forgotten with the job.
  package mutating func declareJob(_ name: String, items: Int64, now: Moment) -> DeclareOutcome {
    guard existingActivity(tag: jobTag, value: name) >= 0 || hasRoomForActivity(tag: jobTag) else { return .full }
    let index = activityEntry(tag: jobTag, value: name, now: now)
    activities[index].expectedItems = min(max(1, items), ActivitySettings.mostItems)
    activities[index].lastUse = now
    return .declared(progress(of: index, now: now))
  }

  /// `nil` for a job that nobody declared and that has used nothing lately. O(accounts).
  package mutating func job(_ name: String, now: Moment) -> JobProgress? {
    let index = existingActivity(tag: jobTag, value: name)
    if index >= 0, isKnownJob(index, name: name) { return progress(of: index, now: now) }
    return settings.activities.jobs[name].map { JobProgress(name: name, total: $0) }
  }

  /// Every known job by name, without what budgets pay for. O(activities).
  package func jobs() -> [JobProgress] {
    var all: [JobProgress] = []
    var declared = settings.activities.jobs
    for index in 0..<activities.limit where activities.isOccupied(index) && activities[index].tag == jobTag {
      let name = activities.name(index).value
      declared[name] = nil
      if isKnownJob(index, name: name) { all.append(plainProgress(of: index, name: name)) }
    }
    for (name, items) in declared { all.append(JobProgress(name: name, total: items)) }
    return all.sorted { $0.name < $1.name }
  }

  private var jobTag: Int { 0 }

  private func isKnownJob(_ index: Int, name: String) -> Bool {
    activities[index].isOpen || activities[index].expectedItems != nil || settings.activities.jobs[name] != nil
  }

  private mutating func progress(of index: Int, now: Moment) -> JobProgress {
    let name = activities.name(index).value
    var progress = plainProgress(of: index, name: name)
    progress.affordable = affordable(progress, now: now)
    return progress
  }

  private func plainProgress(of index: Int, name: String) -> JobProgress {
    let activity = activities[index]
    var progress = JobProgress(name: name, total: activity.expectedItems ?? settings.activities.jobs[name])
    guard activity.isOpen else { return progress }
    progress.done = activity.items
    progress.tokens = activity.tokens
    progress.cost = activity.cost
    progress.requests = activity.requests
    progress.began = activity.began.wall
    progress.lastUse = activity.lastUse.wall
    progress.elapsed = max(.zero, activity.lastUse.steady - activity.began.steady)
    return progress
  }

  // MARK: What the budgets pay for

  private mutating func affordable(_ job: JobProgress, now: Moment) -> AffordableItems? {
    guard job.done > 0, job.name != Self.overflowValue else { return nil }
    let binding = settings.budgets.map { $0.binds(job: job.name) }
    var tightest: AffordableItems?
    for index in 0..<accounts.limit where accounts.isOccupied(index) && binding[accounts[index].budget] {
      let budget = settings.budgets[accounts[index].budget]
      turnIfDue(index, now: now)
      let status = status(index)
      guard !status.tags.contains(where: { $0.key == TagName.job && $0.value != job.name }) else { continue }
      let used: Quantity =
        switch budget.unit {
        case .tokens: Quantity(job.tokens)
        case .cost: job.cost
        case .requests: Quantity(job.requests)
        }
      guard let remaining = status.remaining,
        let items = Proportion.floor(remaining, times: Quantity(job.done), over: used)
      else { continue }
      if tightest.map({ items < $0.items }) ?? true { tightest = AffordableItems(items: items, account: status) }
    }
    return tightest
  }
}

extension Budget {
  /// Whether its accounts pay for what a job does: it names the job, or counts whatever carries its tag. A budget on
  /// one kind of tokens is left out, since a job knows the sum only.
  fileprivate func binds(job: String) -> Bool {
    let conditions = match.filter { $0.key == TagName.job }
    guard mode == .enforce, conditions.allSatisfy({ $0.matches(job) }),
      !per.contains(TagName.tokenType), !match.contains(where: { $0.key == TagName.tokenType })
    else { return false }
    let countsAll = match.count == conditions.count && per.allSatisfy { $0 == TagName.job }
    return countsAll || !conditions.isEmpty || per.contains(TagName.job)
  }
}
