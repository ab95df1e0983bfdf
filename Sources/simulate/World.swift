import BudgetCore
import NaiveLedger

/// The budgets of one life, and the tags that its callers carry.
struct World {
  var settings = LedgerSettings()

  private static let agents = ["planner", "coder", "reviewer"]
  private static let users = ["alice", "bob"]
  private static let models = ["gpt-4o", "claude-sonnet-5", "nobody-knows-it"]

  init(using random: inout SplitMix) {
    settings.prices = .builtIn
    settings.bounds.maxReservations = random.chance(20) ? 4 : 1000
    settings.bounds.maxAccounts = random.chance(20) ? 3 : 1000
    settings.bounds.maxSeries = random.chance(20) ? 4 : 1000
    settings.bounds.maxScopeValues = random.chance(20) ? 2 : 1000
    for number in 0..<random.int(1...4) { settings.budgets.append(Self.budget(Int(number), using: &random)) }
  }

  private static func budget(_ number: Int, using random: inout SplitMix) -> Budget {
    let unit = random.pick(BudgetUnit.allCases)
    let limit: Quantity =
      switch unit {
      case .tokens: Quantity(random.int(0...20_000))
      case .cost: Quantity(random.int(0...200)) * Money.picodollarsPerDollar / 1000
      case .requests: Quantity(random.int(0...12))
      }
    let windows: [WindowRule] = [
      .rolling(.minutes(random.int(1...120))), .rolling(.hours(24)), .fixed(.minutes(random.int(1...180))),
      .calendar(CalendarRule(period: random.pick(CalendarRule.Period.allCases))), .lifetime(idleExpiry: nil),
      .lifetime(idleExpiry: .minutes(random.int(1...60))),
    ]
    return Budget(
      name: "b\(number)", match: random.chance(25) ? [TagPattern(key: "agent", glob: "*er")] : [],
      per: random.pick([[], ["agent"], ["user"], ["agent", "user"], ["session"]]), unit: unit,
      limit: random.chance(5) ? nil : limit, window: random.pick(windows),
      warnAt: Ratio(millionths: random.int(0...1_000_000)), mode: random.chance(80) ? .enforce : .warn,
      onExpiry: random.pick(Budget.ExpiryPolicy.allCases))
  }

  func tags(using random: inout SplitMix) -> TagSet {
    var tags = [
      Tag(key: "agent", value: random.pick(Self.agents)), Tag(key: "user", value: random.pick(Self.users)),
      Tag(key: "model", value: random.pick(Self.models)),
    ]
    if random.chance(50) { tags.append(Tag(key: "session", value: "s\(random.int(0...5))")) }
    return TagSet(tags)
  }

  func spend(using random: inout SplitMix) -> Spend {
    var spend = Spend(requests: random.int(0...2))
    for kind in [TokenKind.input, .output, .cacheRead] where random.chance(60) {
      spend.tokens.append(TokenAmount(kind: kind, count: random.int(0...3000)))
    }
    if random.chance(10) { spend.cost = Quantity(random.int(0...10_000_000_000)) }
    return spend
  }
}
