import BudgetCore
import NaiveLedger

/// The budgets and pools of one life, and the tags that its callers carry.
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
    settings.estimates.defaultOutput = random.chance(50) ? 0 : 200
    settings.budgets = (0..<random.int(1...4)).map { Budget.some(Int($0), using: &random) }
    for number in 0..<max(0, random.int(-2...2)) { settings.pools.append(Pool.some(Int(number), using: &random)) }
    settings.budgets.relate(using: &random)
  }

  /// Another configuration: budgets come, go and change; pools change. The bounds stay.
  mutating func change(using random: inout SplitMix) {
    for index in settings.budgets.indices.reversed() where random.chance(40) {
      settings.budgets[index] = Budget.some(index, using: &random)
    }
    if random.chance(30) { settings.budgets.append(Budget.some(settings.budgets.count, using: &random)) }
    if settings.budgets.count > 1, random.chance(30) {
      settings.budgets.remove(at: Int(random.int(0...Int64(settings.budgets.count - 1))))
    }
    for index in settings.budgets.indices {
      settings.budgets[index].name = "b\(index)"
      settings.budgets[index].parent = nil
      settings.budgets[index].countsOwn = true
    }
    settings.budgets.relate(using: &random)
    for index in settings.pools.indices where random.chance(40) {
      settings.pools[index] = Pool.some(index, using: &random)
    }
    settings.labels = random.pick([["agent", "user", "model", "token_type"], ["agent", "model"], ["session"], []])
  }

  func value(of key: String, using random: inout SplitMix) -> String {
    switch key {
    case TagName.agent: random.pick(Self.agents)
    case TagName.user: random.pick(Self.users)
    case TagName.model: random.pick(Self.models)
    default: "s\(random.int(0...5))"
    }
  }

  func tags(using random: inout SplitMix) -> TagSet {
    var keys = [TagName.agent, TagName.user, TagName.model]
    if random.chance(50) { keys.append("session") }
    return TagSet(keys.map { Tag(key: $0, value: value(of: $0, using: &random)) })
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
