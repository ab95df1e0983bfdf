import BudgetCore
import NaiveLedger

// What callers do in a life: reserve, settle, release, and use without asking.
extension Life {
  func reserve() -> String {
    let tags = world.tags(using: &random)
    var request = SpendRequest(tags: tags, spend: world.spend(using: &random), partial: random.chance(30))
    request.estimatesOutput = random.chance(50)
    let ttl: Interval? = random.chance(70) ? .seconds(random.int(1...900)) : nil
    switch ledger.reserve(request, ttl: ttl, secret: random.next(), now: now) {
    case .granted(let id, let decision, let expiresAt):
      let deadline = now.steady + (expiresAt - now.wall)
      known.open.append(OpenHold(id: id, spend: decision.granted, tags: tags, deadline: deadline))
      tally.granted += 1
      checkGrant(decision, tags: tags)
      return "reserve: \(decision.verdict) \(decision.granted.tokenCount) tokens for \(decision.cost) until \(deadline)"
    case .denied(let decision):
      if decision.breaches.isEmpty, decision.stop == nil { problems.append("a denial without a breach or a stop") }
      tally.denied += 1
      return "reserve: denied for \(decision.breaches.first?.retryAfter?.nanoseconds ?? -1) ns"
    case .tableFull:
      if known.open.count < world.settings.bounds.maxReservations { problems.append("the table is full too early") }
      return "reserve: full"
    }
  }

  /// Whoever asks, and whatever changed before: what is granted leaves every enforcing account within its limit.
  private func checkGrant(_ decision: Decision, tags: TagSet) {
    if decision.verdict == .throttle { tally.throttled += 1 }
    if (decision.delay > .zero) != (decision.verdict == .throttle) || decision.delay > Ledger.longestDelay {
      problems.append("\(decision.verdict) with a delay of \(decision.delay)")
    }
    if tags.tags.contains(where: known.stopped.contains) { problems.append("a stopped subject was granted something") }
    for account in decision.accounts where account.budget.mode == .enforce {
      guard let limit = account.limit else { continue }
      if account.used + account.reserved > limit + (account.budget.stopGrace ?? 0) || limit == 0 {
        problems.append("granted \(account.budget.name) up to \(account.used + account.reserved) of \(limit)")
      }
      if account.isStopped { problems.append("\(account.budget.name) is stopped and granted something") }
    }
  }

  func settle() -> String {
    guard let hold = takeHold() else { return advance() }
    var actual = hold.spend
    for index in actual.tokens.indices {
      let most = isHonest ? actual.tokens[index].count : actual.tokens[index].count * 2
      actual.tokens[index].count = random.int(0...most)
    }
    guard case .settled(_, isRepeat: false) = ledger.settle(hold.id, actual: actual, now: now) else {
      problems.append("an open reservation could not be settled")
      return "settle"
    }
    count(actual)
    // Again: nothing may change.
    guard case .settled(_, isRepeat: true) = ledger.settle(hold.id, actual: actual, now: now) else {
      problems.append("a second settle was not told as one")
      return "settle"
    }
    tally.settled += 1
    return "settle \(actual.tokenCount) of \(hold.spend.tokenCount) tokens"
  }

  /// One line that names the hold, of no more than was held.
  func settleByLine() -> String {
    guard let hold = takeHold() else { return advance() }
    let amount = hold.spend.tokens.first ?? TokenAmount(kind: .output, count: 0)
    let tokens = random.int(0...amount.count)
    let tags = hold.tags.setting(TagName.tokenType, to: amount.kind.name)
    apply(.tokens, tokens, tags.setting(TagName.reservation, to: hold.id.text))
    known.tokens += tokens
    tally.settled += 1
    return "settle with a line of \(tokens) tokens"
  }

  func release() -> String {
    guard let hold = takeHold() else { return advance() }
    guard case .released = ledger.release(hold.id, now: now) else {
      problems.append("an open reservation could not be released")
      return "release"
    }
    if !isHonest { known.ended.append((hold.id, hold.spend)) }
    return "release"
  }

  func settleLate() -> String {
    guard !known.ended.isEmpty else { return advance() }
    let chosen = known.ended.remove(at: Int(random.int(0...Int64(known.ended.count - 1))))
    switch ledger.settle(chosen.id, actual: chosen.spend, now: now) {
    case .settled(_, isRepeat: false):
      count(chosen.spend)
      tally.late += 1
      tally.settled += 1
    case .settled(_, isRepeat: true): problems.append("a late settle was taken for a second one")
    case .unknown: break  // Forgotten: as many closed ones were remembered as the bounds allow.
    }
    return "settle \(chosen.spend.tokenCount) tokens late"
  }

  func record() -> String {
    let spend = world.spend(using: &random)
    guard case .counted = ledger.record(spend, tags: world.tags(using: &random), now: now) else {
      problems.append("usage without an id was taken for a duplicate")
      return "record"
    }
    count(spend)
    return "record \(spend.tokenCount) tokens"
  }

  func line() -> String {
    let kind = random.pick(UsageEvent.Kind.allCases)
    let amount = random.int(0...3000)
    var past: Int64?
    if random.chance(30) { past = now.wall.seconds - random.int(0...200_000) }
    apply(kind, amount, world.tags(using: &random), past: past)
    if kind == .tokens { known.tokens += amount }
    if kind == .requests { known.requests += amount }
    return "line \(kind) \(amount) of \(past ?? -1)"
  }

  private func takeHold() -> OpenHold? {
    guard !known.open.isEmpty else { return nil }
    return known.open.remove(at: Int(random.int(0...Int64(known.open.count - 1))))
  }

  private func count(_ spend: Spend) {
    known.tokens += spend.tokenCount
    known.requests += spend.requests
  }

  /// Hands a line to the ledger as the parser would.
  private func apply(_ kind: UsageEvent.Kind, _ amount: Int64, _ tags: TagSet, past: Int64? = nil) {
    let text = tags.tags.map { "\($0.key):\($0.value)" }.joined(separator: ",")
    let (bytes, seed, now) = (Array(text.utf8), ledger.seed, now)
    bytes.withUnsafeBytes { raw in
      let hash = ByteHash.hash(raw.baseAddress!, count: raw.count, seed: seed)
      var event = UsageEvent(kind: kind, amount: amount, tags: raw.baseAddress!, tagsLength: raw.count, hash: hash)
      if let past { event.timestamp = past }
      ledger.apply(event, now: now)
    }
  }
}
