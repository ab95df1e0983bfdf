// Activities are found by tag and value, what calls cost by agent.
extension LedgerRestorer {
  package mutating func add(_ saved: SavedActivity) throws(InconsistentState) {
    try check(saved)
    guard let tag = ledger.activities.tags.firstIndex(of: saved.tag) else {
      return warn(.activitiesGone(tag: saved.tag))
    }
    let isOverflow = saved.value == Ledger.overflowValue
    guard ledger.existingActivity(tag: tag, value: saved.value) < 0 else {
      throw InconsistentState("\(saved.tag) \(saved.value) appears twice")
    }
    guard isOverflow || ledger.hasRoomForActivity(tag: tag) else { return warn(.activitiesDropped(tag: saved.tag)) }
    let index = ledger.activityEntry(tag: tag, value: saved.value, now: clock.now)
    var activity = Activity(tag: tag, isOverflow: isOverflow, now: clock.now)
    activity.isOpen = saved.isOpen
    activity.tokens = saved.tokens
    activity.requests = saved.requests
    activity.items = saved.items
    activity.itemCarry = saved.itemCarry
    activity.cost = saved.cost
    activity.expectedItems = saved.expectedItems
    activity.began = Moment(wall: saved.began.wall, steady: clock.past(saved.began.steady))
    activity.lastUse = Moment(wall: saved.lastUse.wall, steady: clock.past(saved.lastUse.steady))
    activity.steps = saved.steps
    activity.step = saved.step
    activity.repeats = saved.repeats
    activity.fingerprint = saved.fingerprint
    if !isOverflow {
      for (cause, told) in zip(RunawayCause.allCases, saved.told) {
        activity.quietUpTo[cause.rawValue] = ledger.settings.activities.quietUpTo(per: saved.tag, cause, after: told)
      }
    }
    ledger.activities[index] = activity
    // A limit that is new, or lower than it was, acts at once.
    if activity.isOpen, activity.isRunningAway { ledger.tellRunaway(index, now: clock.now) }
  }

  package mutating func set(_ totals: SavedActivityTotals) throws(InconsistentState) {
    guard totals.overflow >= 0, totals.runaways.allSatisfy({ $0.counts.allSatisfy { $0 >= 0 } }) else {
      throw InconsistentState("a count of activities is less than nothing")
    }
    ledger.activities.overflow = totals.overflow
    ledger.activities.sessions = totals.sessions
    for row in totals.runaways {
      guard let tag = ledger.activities.tags.firstIndex(of: row.tag) else { continue }
      for (cause, count) in zip(RunawayCause.allCases, row.counts) {
        ledger.activities.runaways[tag][cause.rawValue] = count
      }
    }
  }

  package mutating func add(_ saved: SavedCostModel) throws(InconsistentState) {
    guard saved.anomalies >= 0 else { throw InconsistentState("anomalies of \(saved.agent) are less than none") }
    let entry = CostModelTable.Entry(
      model: saved.model, anomalies: saved.anomalies, lastUse: clock.past(saved.lastUse))
    guard ledger.costModels.restore(saved.agent, entry) else {
      throw InconsistentState("the costs of agent \(saved.agent) appear twice")
    }
  }

  package mutating func setOtherAnomalies(_ count: Int64) {
    ledger.costModels.otherAnomalies = ledger.costModels.otherAnomalies.saturatingAdd(max(0, count))
  }

  private func check(_ saved: SavedActivity) throws(InconsistentState) {
    let counts = [saved.tokens, saved.requests, saved.items, saved.steps, saved.repeats] + saved.told
    guard counts.allSatisfy({ $0 >= 0 }), saved.cost >= 0, StoredBounds.isValid(saved.cost),
      saved.told.count == RunawayCause.allCases.count,
      saved.expectedItems.map({ (1...ActivitySettings.mostItems).contains($0) }) ?? true
    else { throw InconsistentState("a number of \(saved.tag) \(saved.value) is out of bounds") }
  }
}
