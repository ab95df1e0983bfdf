import BudgetCore

/// One thing that happens to a ledger: the same on two ledgers must have the same outcome.
enum Act {
  case record(agent: Int, user: Int, session: Int, tokens: Int64, id: Int?)
  case line(String)
  case reserve(agent: Int, session: Int, tokens: Int64, partial: Bool, ttl: Int64, secret: UInt64)
  case settle(reservation: Int, tokens: Int64?)
  case release(reservation: Int)
  case maintain

  static func random(using generator: inout SeededGenerator) -> Act {
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    let tokens = Int64(number(1...900))
    switch number(0...11) {
    case 0...2:
      return .record(
        agent: number(0...3), user: number(0...2), session: number(0...5), tokens: tokens,
        id: number(0...1) == 0 ? nil : number(0...40))
    case 3...5:
      let kind = ["tokens:\(tokens).25|c", "requests:1|c", "duration:\(tokens)|ms", "items:3|c"][number(0...3)]
      return .line("\(kind)|#agent:a\(number(0...3)),user:u\(number(0...2)),model:gpt-4o")
    case 6...8:
      return .reserve(
        agent: number(0...3), session: number(0...5), tokens: tokens, partial: number(0...1) == 0,
        ttl: Int64(number(1...900)), secret: generator.next())
    case 9: return .settle(reservation: number(0...60), tokens: number(0...3) == 0 ? nil : tokens)
    case 10: return .release(reservation: number(0...60))
    default: return .maintain
    }
  }

  /// Does it and says what came of it.
  func run(on ledger: inout Ledger, reservations: inout [ReservationID], now: Moment) -> String {
    switch self {
    case .record(let agent, let user, let session, let tokens, let id):
      let tags = TagSet([
        Tag(key: "agent", value: "a\(agent)"), Tag(key: "user", value: "u\(user)"),
        Tag(key: "session", value: "s\(session)"), Tag(key: "model", value: "gpt-4o"),
      ])
      let spend = Spend(
        tokens: [TokenAmount(kind: .input, count: tokens), TokenAmount(kind: .other("audio"), count: 3)],
        cost: 1_000_000, requests: 1)
      switch ledger.record(spend, tags: tags, id: id.map { "call-\($0)" }, now: now) {
      case .counted(let accounts): return "counted \(accounts.map(\.line))"
      case .duplicate: return "duplicate"
      }
    case .line(let text):
      ledger.apply(line: text, now: now)
      return ""
    case .reserve(let agent, let session, let tokens, let partial, let ttl, let secret):
      let request = SpendRequest(
        tags: TagSet([Tag(key: "agent", value: "a\(agent)"), Tag(key: "session", value: "s\(session)")]),
        spend: Spend(
          tokens: [TokenAmount(kind: .input, count: 10), TokenAmount(kind: .output, count: tokens)], requests: 1),
        partial: partial)
      switch ledger.reserve(request, ttl: .seconds(ttl), secret: secret, now: now) {
      case .granted(let id, let decision, let expiresAt):
        reservations.append(id)
        return "granted \(id.text) \(decision.line) \(expiresAt.nanoseconds)"
      case .denied(let decision): return "denied \(decision.line)"
      case .tableFull: return "full"
      }
    case .settle(let index, let tokens):
      guard !reservations.isEmpty else { return "" }
      let actual = tokens.map { Spend(tokens: [TokenAmount(kind: .output, count: $0)], requests: 1) }
      switch ledger.settle(reservations[index % reservations.count], actual: actual, now: now) {
      case .settled(let accounts, let isRepeat): return "settled \(accounts.map(\.line)) \(isRepeat)"
      case .unknown: return "unknown"
      }
    case .release(let index):
      guard !reservations.isEmpty else { return "" }
      switch ledger.release(reservations[index % reservations.count], now: now) {
      case .released(let accounts): return "released \(accounts.map(\.line))"
      case .closed: return "closed"
      case .unknown: return "unknown"
      }
    case .maintain:
      ledger.maintain(now: now)
      return ""
    }
  }
}

extension AccountStatus {
  var line: String {
    "\(budget.name)/\(unit) \(tags.map(\.value)) \(used)+\(reserved) of \(limit ?? -1), \(usedTotal) in all, "
      + "\(state) \(windowStart.nanoseconds)..\(resetsAt?.nanoseconds ?? -1)"
  }

  private var unit: String { budget.unit.name }
}

extension Decision {
  var line: String {
    let breached = breaches.map { "\($0.account.line) asked \($0.requested) retry \($0.retryAfter?.nanoseconds ?? -1)" }
    return "\(verdict) \(granted) \(cost) \(accounts.map(\.line)) \(breached)"
  }
}

extension Ledger {
  /// Applies one well-formed line, `name:value|type|#tags`, as the parser would hand it over.
  mutating func apply(line: String, now: Moment) {
    let parts = line.split(separator: "|")
    let head = parts[0].split(separator: ":")
    let number = head[1].split(separator: ".")
    let kind: UsageEvent.Kind =
      switch head[0] {
      case "tokens": .tokens
      case "requests": .requests
      case "items": .items
      default: .duration
      }
    var amount = Int64(number[0]) ?? 0
    if kind == .duration { amount *= 1_000_000 }
    let tags = Array(parts[2].dropFirst().utf8)
    let seed = seed
    tags.withUnsafeBytes { bytes in
      var event = UsageEvent(
        kind: kind, amount: amount, tags: bytes.baseAddress!, tagsLength: bytes.count,
        hash: ByteHash.hash(bytes.baseAddress!, count: bytes.count, seed: seed))
      if number.count > 1 { event.fraction = 1 << 30 }
      apply(event, now: now)
    }
  }
}
