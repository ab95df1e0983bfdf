import BudgetCore

/// The calls of a busy pod, made in advance.
struct Workload {
  static let agents = 50
  static let users = 200
  static let models = ["gpt-4o", "claude-sonnet-5", "gemini-2.5-pro", "mistral-large-latest"]

  /// Every combination of agent, user and model, the most frequent first.
  let tags: [[Tag]]
  /// Which combination each step calls with.
  let order: [Int32]

  /// What every call asks for, and what it then uses. Each time in memory of its own, as it comes from a body.
  static func request(_ tags: [Tag]) -> SpendRequest {
    SpendRequest(tags: TagSet(tags), spend: spend(input: 800, output: 200))
  }

  static var actual: Spend { spend(input: 790, output: 150) }

  private static func spend(input: Int64, output: Int64) -> Spend {
    Spend(
      tokens: [TokenAmount(kind: .input, count: input), TokenAmount(kind: .output, count: output)], requests: 1)
  }

  init(steps: Int) {
    var random = Xorshift(state: 42)
    var numbers = Array(0..<(Self.agents * Self.users * Self.models.count))
    numbers.shuffle(using: &random)
    let tags = numbers.map { Self.tags(of: $0) }
    self.tags = tags

    var edges: [Double] = []
    var sum = 0.0
    for rank in tags.indices {
      sum += 1 / Double(rank + 1)
      edges.append(sum)
    }
    var order: [Int32] = []
    order.reserveCapacity(steps)
    for _ in 0..<steps {
      let wanted = Double.random(in: 0..<sum, using: &random)
      order.append(Int32(edges.partitioningIndex { $0 > wanted }))
    }
    self.order = order
  }

  private static func tags(of number: Int) -> [Tag] {
    let (rest, model) = number.quotientAndRemainder(dividingBy: models.count)
    let (agent, user) = rest.quotientAndRemainder(dividingBy: users)
    return [
      Tag(key: "agent", value: "a\(agent)"), Tag(key: "user", value: "u\(user)"),
      Tag(key: "model", value: models[model]),
    ]
  }

  private static let batch = 128

  /// The steps in batches, each with its requests and what is then used, made just before.
  func forEachBatch(_ body: (_ requests: [SpendRequest], _ actuals: [Spend]) -> Void) {
    for first in stride(from: 0, to: order.count, by: Self.batch) {
      let places = order[first..<min(first + Self.batch, order.count)]
      body(places.map { Self.request(tags[Int($0)]) }, places.map { _ in Self.actual })
    }
  }

  /// Limits that are never reached: a denial costs something else.
  static var settings: LedgerSettings {
    var settings = LedgerSettings()
    settings.prices = .builtIn
    settings.bounds.maxSeries = 200_000
    settings.budgets = [
      Budget(
        name: "agent-day", per: ["agent"], unit: .tokens, limit: 1_000_000_000_000_000,
        window: .calendar(CalendarRule(period: .day))),
      Budget(
        name: "user-rolling", per: ["user"], unit: .tokens, limit: 1_000_000_000_000_000, window: .rolling(.hours(24))),
      Budget(
        name: "org-month", unit: .cost, limit: 1_000_000_000_000 * Money.picodollarsPerDollar,
        window: .calendar(CalendarRule(period: .month))),
    ]
    return settings
  }

  static let seed: UInt64 = 0x5eed
  static let start = Instant(seconds: 1_800_000_000)
}

/// Marsaglia's xorshift: the same order of calls at each run.
struct Xorshift: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

extension Array {
  /// The first place from which on the condition holds; O(log count).
  func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = count - 1
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
