// Counting for activities. A route names those of its tags, so that a line costs an addition for each and no look-up.
extension Ledger {
  @inline(__always)
  mutating func addToActivities(
    of route: Route, tokens: Int64, cost: Quantity, requests: Int64, on occasion: Occasion
  ) {
    for target in route.activities {
      use(
        activity: Int(routes.targets[target]), tokens: tokens, cost: cost, requests: requests, step: route.step,
        now: occasion.now)
    }
  }

  mutating func addItems(of route: Route, _ amount: Int64, fraction: UInt32 = 0, on occasion: Occasion) {
    for target in route.activities {
      addItems(amount, fraction: fraction, activity: Int(routes.targets[target]), now: occasion.now)
    }
  }

  /// Counts calls that all have this fingerprint.
  mutating func noteFingerprint(_ fingerprint: String, calls: Int64, of route: Route, now: Moment) {
    let hash = Self.tagHash(fingerprint)
    for target in route.activities {
      note(fingerprint: hash, calls: calls, activity: Int(routes.targets[target]), now: now)
    }
  }

  /// Counts a whole call. O(its activities).
  mutating func countInActivities(_ spend: Spend, route: Int, cost: Quantity, tags: TagSet, now: Moment) {
    let parts = calls.parts(of: route)
    if calls[route, parts.activities] < 0 {
      for (offset, entry) in activityEntries(of: tags, now: now).enumerated() {
        calls[route, parts.activities + offset] = Int32(entry)
      }
    }
    let step = parts.pattern.namesStep ? tags[TagName.step].map { Self.tagHash($0) } ?? 0 : 0
    let fingerprint =
      tags.marks.contains(.fingerprint) ? tags[TagName.fingerprint].map { Self.tagHash($0) } : nil
    for offset in 0..<Int(parts.pattern.activityCount) {
      let index = Int(calls[route, parts.activities + offset])
      use(
        activity: index, tokens: spend.tokenCount, cost: cost, requests: spend.requests, step: step, now: now)
      if spend.items > 0 { addItems(spend.items, fraction: 0, activity: index, now: now) }
      if let fingerprint { note(fingerprint: fingerprint, calls: max(1, spend.requests), activity: index, now: now) }
    }
  }

  // MARK: One activity

  @inline(__always)
  mutating func use(
    activity index: Int, tokens: Int64, cost: Quantity, requests: Int64, step: UInt64, now: Moment
  ) {
    if !activities[index].isOpen { openActivity(index, now: now) }
    activities[index].add(tokens: tokens, cost: cost, requests: requests, step: step, now: now)
    if activities[index].isRunningAway { tellRunaway(index, now: now) }
  }

  /// Each activity carries its own fractions: jobs that share a series must not complete each other's items.
  private mutating func addItems(_ amount: Int64, fraction: UInt32, activity index: Int, now: Moment) {
    if !activities[index].isOpen { openActivity(index, now: now) }
    let items = Self.wholeAmount(amount, fraction: fraction, carry: &activities[index].itemCarry)
    activities[index].items = activities[index].items.saturatingAdd(items)
    activities[index].lastUse = now
  }

  /// A loop that ended arms its limits anew.
  private mutating func note(fingerprint: UInt64, calls: Int64, activity index: Int, now: Moment) {
    if !activities[index].isOpen { openActivity(index, now: now) }
    let cause = RunawayCause.repeats.rawValue
    if !activities[index].isOverflow, activities[index].fingerprint != fingerprint {
      activities[index].quietUpTo[cause] = activities.quietUpTo[activities[index].tag][cause]
    }
    activities[index].note(fingerprint: fingerprint, calls: calls)
    if activities[index].isRunningAway { tellRunaway(index, now: now) }
  }

  /// The same in every process, so that a stored hash can be compared; never 0.
  static func tagHash(_ value: String) -> UInt64 { max(1, ByteHash.hash(Array(value.utf8), seed: 0)) }

  @inline(never)
  private mutating func openActivity(_ index: Int, now: Moment) {
    activities[index].open(quietUpTo: activities.quietUpTo[activities[index].tag], now: now)
  }

  // MARK: Entries

  /// The activities that usage with these tags counts for, made where they are new.
  mutating func activityEntries(of tags: TagSet, now: Moment) -> [Int] {
    var entries: [Int] = []
    for tag in activities.tags.indices {
      guard let value = tags[activities.tags[tag]] else { continue }
      entries.append(activityEntry(tag: tag, value: value, now: now))
    }
    return entries
  }

  /// The number of an activity that exists; -1 for any other.
  func existingActivity(tag: Int, value: String) -> Int {
    let key = ActivityTable.key(tag: tag, value: value)
    return activities.find(key: key, hash: ByteHash.hash(key, seed: seed))
  }

  func hasRoomForActivity(tag: Int) -> Bool {
    let most = settings.activities.most
    return activities.count < (activities.tags[tag] == TagName.job ? most : most - most / 8)
  }

  mutating func activityEntry(tag: Int, value: String, now: Moment) -> Int {
    let key = ActivityTable.key(tag: tag, value: value)
    let hash = ByteHash.hash(key, seed: seed)
    let found = activities.find(key: key, hash: hash)
    if found >= 0 { return found }
    let isOverflow = value == Self.overflowValue
    guard isOverflow || hasRoomForActivity(tag: tag) else {
      activities.overflow = activities.overflow.saturatingAdd(1)
      return activityEntry(tag: tag, value: Self.overflowValue, now: now)
    }
    return activities.insert(key: key, hash: hash, Activity(tag: tag, isOverflow: isOverflow, now: now))
  }
}
