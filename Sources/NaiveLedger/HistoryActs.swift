import BudgetCore

// What callers and operators do in a history, on both ledgers.
extension History {
  mutating func reserve() -> String {
    let (spend, tags) = (someSpend(), someTags())
    let request = SpendRequest(tags: tags, spend: spend, partial: random.chance(60))
    let ttl: Int64? = random.chance(80) ? random.int(1_000_000...(pace.step * 4)) : nil
    if random.chance(20) { foretell(request) }
    let expected = naive.reserve(spend, tags, partial: request.partial, ttl: ttl, now: now)
    let ttlInterval = ttl.map { Interval(nanoseconds: $0) }
    switch ledger.reserve(request, ttl: ttlInterval, secret: random.next(), now: moment) {
    case .granted(let id, let decision, _):
      agree(decision, expected)
      ids.append(id)
      tally.granted += 1
      if decision.granted != spend { tally.reduced += 1 }
      return "reserve \(spend.tokenCount) as \(tags.line): \(decision.verdict), \(decision.granted.tokenCount)"
    case .denied(let decision):
      agree(decision, expected)
      tally.denied += 1
      for breach in decision.breaches { checkWait(of: breach) }
      return "reserve \(spend.tokenCount) as \(tags.line): denied"
    case .tableFull:
      complaints.append("the table is full")
      return "reserve"
    }
  }

  /// A check says what a reservation would, and leaves no account.
  private mutating func foretell(_ request: SpendRequest) {
    var future = naive
    let expected = future.reserve(request.spend, request.tags, partial: request.partial, ttl: 1, now: now)
    let before = ledger.accountCount
    agree(ledger.check(request, now: moment), expected)
    if ledger.accountCount != before { complaints.append("a check made an account") }
  }

  private mutating func agree(_ decision: Decision, _ expected: NaiveLedger.Answer) {
    guard decision.verdict != expected.verdict || decision.granted != expected.granted else { return }
    complaints.append(
      "decided \(decision.verdict) for \(decision.granted), not \(expected.verdict) for \(expected.granted)")
  }

  /// The same succeeds after the time that was told, if nothing else happens, and not a nanosecond before.
  private mutating func checkWait(of breach: Breach) {
    let budget = budgets.firstIndex { $0.rule.name == breach.account.budget.name }!
    let key = NaiveAccount.Key(budget: budget, values: breach.account.tags.map(\.value))
    guard naive.hasLastingLimit(key) else { return }
    tally.waits += 1
    func fits(after wait: Int64) -> Bool {
      var future = naive
      future.advance(to: now + wait)
      return future.fits(key, breach.requested, now: now + wait)
    }
    let year: Int64 = 366 * 86_400_000_000_000
    guard let wait = breach.retryAfter?.nanoseconds else {
      if fits(after: year) { complaints.append("b\(budget) says that waiting does not help; it does") }
      return
    }
    if wait > year { return }
    if !fits(after: wait) { complaints.append("b\(budget) is still denied after \(wait) ns") }
    if wait > 0, fits(after: wait - 1) { complaints.append("b\(budget) is granted before \(wait) ns have passed") }
  }

  mutating func settle() -> String {
    guard !ids.isEmpty else { return "wait" }
    let number = someReservation()
    let state = naive.holds[number].state
    if isHonest, state != .held { return "wait" }
    var actual: Spend?
    if random.chance(80) {
      var spend = naive.holds[number].spend
      for index in spend.tokens.indices {
        let asked = spend.tokens[index].count
        spend.tokens[index].count = random.int(0...(isHonest ? asked : asked * 2))
      }
      actual = spend
    }
    naive.settle(number, actual, now: now)
    guard case .settled(_, let isRepeat) = ledger.settle(ids[number], actual: actual, now: moment) else {
      complaints.append("reservation \(number) is unknown")
      return "settle \(number)"
    }
    if isRepeat != (state == .settled) { complaints.append("a repeat is told as \(isRepeat)") }
    if state == .expired { tally.late += 1 }
    return "settle \(number), \(state), with \(actual?.tokenCount ?? -1)"
  }

  mutating func release() -> String {
    guard !ids.isEmpty else { return "wait" }
    let number = someReservation()
    naive.release(number)
    _ = ledger.release(ids[number], now: moment)
    return "release \(number)"
  }

  mutating func record() -> String {
    let (spend, tags) = (someSpend(), someTags())
    naive.record(spend, tags, now: now)
    _ = ledger.record(spend, tags: tags, now: moment)
    return "record \(spend.tokenCount) as \(tags.line)"
  }

  /// One usage line: tokens, calls or cost, sometimes of the past, sometimes naming a reservation.
  mutating func line() -> String {
    var tags = someTags()
    var spend = Spend()
    let amount = random.int(1...800)
    let kind = random.pick([UsageEvent.Kind.tokens, .tokens, .requests, .cost])
    let type = random.pick([TokenKind.input, .output, .cacheRead])
    switch kind {
    case .tokens: spend.tokens = [TokenAmount(kind: type, count: amount)]
    case .requests: spend.requests = amount % 3 + 1
    default: spend.cost = Quantity(amount) * 1_000_001
    }
    var past: Int64?
    if random.chance(30) { past = (now - random.int(0...pace.longStep)) / 1_000_000_000 }
    let number: Int? = kind == .tokens && !ids.isEmpty && random.chance(25) ? someReservation() : nil
    naive.record(spend, tags, ending: number, isLine: true, past: past.map { $0 * 1_000_000_000 }, now: now)

    // Without a type, tokens are input.
    if kind == .tokens, type != .input || random.chance(50) { tags = tags.setting("token_type", to: type.name) }
    if let number { tags = tags.setting("reservation", to: ids[number].text) }
    apply(kind, kind == .tokens ? amount : kind == .requests ? spend.requests : Int64(spend.cost), tags, past: past)
    return "line \(kind) \(amount) as \(tags.line) at \(past ?? -1)"
  }

  private mutating func apply(_ kind: UsageEvent.Kind, _ amount: Int64, _ tags: TagSet, past: Int64?) {
    let (bytes, seed, now) = (Array(tags.line.utf8), ledger.seed, moment)
    bytes.withUnsafeBytes { raw in
      let hash = ByteHash.hash(raw.baseAddress!, count: raw.count, seed: seed)
      var event = UsageEvent(kind: kind, amount: amount, tags: raw.baseAddress!, tagsLength: raw.count, hash: hash)
      if let past { event.timestamp = past }
      withUnsafePointer(to: event) { ledger.apply(UnsafeBufferPointer(start: $0, count: 1), now: now) }
    }
  }

  // MARK: Operators

  mutating func operate() -> String {
    tally.acts += 1
    if random.chance(10) { return stopOrResume() }
    let index = Int(random.int(0...Int64(budgets.count - 1)))
    let rule = budgets[index].rule
    let tags = someTags().setting("session", to: "s\(random.int(0...2))")
    let values = rule.per.map { tags[$0]! }
    let named = zip(rule.per, values).map { Tag(key: $0, value: $1) }
    let until: Int64? = random.chance(50) ? now + random.int(1...pace.longStep) : nil
    let end = until.map { Instant(nanoseconds: $0) }
    let amount = (rule.limit ?? 1000) * Quantity(random.int(0...200)) / 100
    switch random.int(1...10) {
    case 1...4:
      naive.topUp(NaiveAccount.Key(budget: index, values: values), amount, until: until, now: now)
      _ = ledger.topUp(budget: rule.name, unit: nil, tags: named, amount: amount, until: end, now: moment)
      return "top up b\(index) \(values) by \(amount) until \(until ?? -1)"
    case 5...8:
      // What rolls over is a share of the limit at the end of its window: there, limits that end would need an hour.
      let ends = rule.rollover == nil
      let term = NaiveAccount.Term(amount: random.chance(10) ? nil : amount, until: ends ? until : nil)
      let wholeBudget = rule.per.isEmpty || random.chance(40)
      naive.override(term, budget: index, values: wholeBudget ? nil : values, now: now)
      _ = ledger.override(
        budget: rule.name, unit: nil, tags: wholeBudget ? [] : named, limit: term.amount, until: ends ? end : nil,
        now: moment)
      return "set b\(index) \(wholeBudget ? [] : values) to \(term.amount ?? -1) until \(term.until ?? -1)"
    case 9:
      let wholeBudget = rule.per.isEmpty || random.chance(40)
      naive.override(nil, budget: index, values: wholeBudget ? nil : values, now: now)
      _ = ledger.removeOverride(budget: rule.name, unit: nil, tags: wholeBudget ? [] : named, now: moment)
      return "set b\(index) back"
    default:
      naive.reset(budget: index)
      _ = ledger.reset(budget: rule.name, unit: nil, tags: [], now: moment)
      return "reset b\(index)"
    }
  }

  private mutating func stopOrResume() -> String {
    if let subject = naive.stopped.sorted(by: { $0.value < $1.value }).first {
      naive.resume(subject)
      if ledger.resumeSubject(subject, now: moment) == nil { complaints.append("\(subject.value) was not stopped") }
      return "resume \(subject.value)"
    }
    let subject = random.pick(someTags().tags)
    naive.stop(subject)
    ledger.stopSubject(subject, reason: "", now: moment)
    return "stop \(subject.value)"
  }

  // MARK: Choices

  /// Mostly one of the newest.
  private mutating func someReservation() -> Int {
    let first = random.chance(70) ? max(0, ids.count - 5) : 0
    return Int(random.int(Int64(first)...Int64(ids.count - 1)))
  }

  private mutating func someTags() -> TagSet {
    var tags = [
      Tag(key: "agent", value: random.pick(["a0", "a1", "b0"])), Tag(key: "user", value: "u\(random.int(0...1))"),
      Tag(key: "model", value: random.pick(NaivePrices.models)),
    ]
    if random.chance(70) { tags.append(Tag(key: "session", value: "s\(random.int(0...2))")) }
    return TagSet(tags)
  }

  private mutating func someSpend() -> Spend {
    var spend = Spend(requests: random.int(0...2))
    for kind in [TokenKind.input, .cacheRead] where random.chance(70) {
      spend.tokens.append(TokenAmount(kind: kind, count: random.int(0...600)))
    }
    if random.chance(70) { spend.tokens.append(TokenAmount(kind: .output, count: random.int(0...900))) }
    if random.chance(10) { spend.cost = Quantity(random.int(0...3_000_000_000)) }
    return spend
  }
}

extension TagSet {
  /// As on a usage line.
  fileprivate var line: String { tags.map { "\($0.key):\($0.value)" }.joined(separator: ",") }
}
