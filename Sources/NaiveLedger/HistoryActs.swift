import BudgetCore

// What callers do in a history, on both ledgers.
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
      ledger.apply(event, now: now)
    }
  }

  // MARK: Choices

  /// Mostly one of the newest.
  private mutating func someReservation() -> Int {
    let first = random.chance(70) ? max(0, ids.count - 5) : 0
    return Int(random.int(Int64(first)...Int64(ids.count - 1)))
  }

  mutating func someTags() -> TagSet {
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
