import Foundation
import Testing

@testable import BudgetCore

@Suite("Ledger against a naive one")
struct LedgerModelTests {
  /// Set `TALLYGATE_TEST_SEED` to the printed seed of a history to run that one again.
  private static let given = ProcessInfo.processInfo.environment["TALLYGATE_TEST_SEED"].flatMap { UInt64($0) }
  /// For each of the 20 parts: more than the 50 of every day for a thorough run.
  private static let count =
    ProcessInfo.processInfo.environment["TALLYGATE_TEST_HISTORIES"].flatMap { Int($0) } ?? 50

  private static let budgets: [Budget] = [
    .test("rolling", limit: 1500, per: ["agent"], window: .rolling(.minutes(10))),
    .test("fixed", limit: 3000, window: .fixed(.minutes(5)), onExpiry: .refund),
    .test("money", limit: 25_000_000_000, unit: .cost, window: .rolling(.seconds(100))),
    .test("calls", limit: 6, unit: .requests, per: ["agent"], window: .lifetime(idleExpiry: .seconds(90))),
    .test(
      "output", limit: 9000, match: [TagPattern(key: "token_type", glob: "output")],
      window: .lifetime(idleExpiry: nil)),
    .test("sessions", limit: 900, per: ["session"], window: .lifetime(idleExpiry: .seconds(45)), onExpiry: .refund),
  ]

  @Test("any history leaves the same use and holds on every account", arguments: 0..<20)
  func histories(part: Int) {
    var seeds = SeededRandom(seed: UInt64(part) &* 7919 &+ 20_250_616)
    var denials = 0
    for _ in 0..<(Self.given == nil ? Self.count : 1) {
      let seed = Self.given ?? seeds.next()
      var history = History(seed: seed, isHonest: seed % 2 == 0)
      for step in 0..<60 {
        let complaints = history.step()
        guard complaints.isEmpty else {
          Issue.record("TALLYGATE_TEST_SEED=\(seed), step \(step): \(complaints.joined(separator: "; "))")
          return
        }
      }
      denials += history.denials
    }
    // A model that is never denied anything shows little.
    #expect(denials > 0)
  }

  private struct History: ~Copyable {
    private var random: SeededRandom
    private let isHonest: Bool
    private var ledger = makeLedger(LedgerModelTests.budgets)
    private var naive = NaiveLedger(LedgerModelTests.budgets)
    private var ids: [ReservationID] = []
    private var now = noon.nanoseconds
    private(set) var denials = 0

    /// - Parameter isHonest: every use is reserved first, with an estimate that is not too low, and settled in time.
    init(seed: UInt64, isHonest: Bool) {
      random = SeededRandom(seed: seed)
      self.isHonest = isHonest
      now += Int64.random(in: 0...1_000_000_000_000, using: &random)
    }

    private var moment: Moment { Moment(Instant(nanoseconds: now)) }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    /// Does something and says what then differs from the model.
    mutating func step() -> [String] {
      let longest: Int64 = pick(8) == 0 ? 400_000_000_000 : 20_000_000_000
      now += Int64.random(in: 0...longest, using: &random)
      naive.advance(to: now)
      switch pick(10) {
      case 0...3: if !reserve() { return ["the ledger decided otherwise"] }
      case 4...6: if !ids.isEmpty { settle(pick(ids.count)) }
      case 7: if !ids.isEmpty { release(pick(ids.count)) }
      case 8: ledger.maintain(now: moment)
      default: if !isHonest { record() }
      }
      return differences() + ledger.checkInvariants()
    }

    private mutating func someTags() -> TagSet {
      tags(["agent": "a\(pick(2))", "session": "s\(pick(3))", "user": "u"])
    }

    private mutating func someSpend() -> Spend {
      var parts = [TokenAmount(kind: .input, count: .random(in: 1...400, using: &random))]
      if pick(3) > 0 { parts.append(TokenAmount(kind: .output, count: .random(in: 1...300, using: &random))) }
      return Spend(tokens: parts, requests: 1)
    }

    private mutating func reserve() -> Bool {
      let (spend, who) = (someSpend(), someTags())
      let ttl = Int64.random(in: 1_000_000...120_000_000_000, using: &random)
      let number = naive.reserve(spend, who, ttl: ttl, now: now)
      let id = ledger.hold(spend, who, ttl: Interval(nanoseconds: ttl), secret: random.next(), at: moment)
      if let id, number != nil { ids.append(id) } else { denials += 1 }
      return (id == nil) == (number == nil)
    }

    private mutating func settle(_ number: Int) {
      if isHonest, naive.holds[number].state != .held { return }
      var actual: Spend?
      if pick(4) > 0 {
        var spend = naive.holds[number].spend
        for index in spend.tokens.indices {
          let asked = spend.tokens[index].count
          spend.tokens[index].count = .random(in: 1...(isHonest ? asked : asked * 2), using: &random)
        }
        actual = spend
      }
      naive.settle(number, actual, now: now)
      _ = ledger.settle(ids[number], actual: actual, now: moment)
    }

    private mutating func release(_ number: Int) {
      naive.release(number)
      _ = ledger.release(ids[number], now: moment)
    }

    private mutating func record() {
      let (spend, who) = (someSpend(), someTags())
      naive.record(spend, who, now: now)
      _ = ledger.record(spend, tags: who, id: nil, now: moment)
    }

    private mutating func differences() -> [String] {
      naive.advance(to: now)
      var complaints: [String] = []
      var seen: Set<NaiveLedger.Key> = []
      for status in ledger.accountStatuses(now: moment) {
        let budget = LedgerModelTests.budgets.firstIndex { $0.name == status.budget.name }!
        let key = NaiveLedger.Key(budget: budget, values: status.tags.map(\.value))
        seen.insert(key)
        let expected = Reading(used: naive.used(key, now: now), reserved: naive.accounts[key]?.reserved ?? 0)
        let found = Reading(used: status.used, reserved: status.reserved)
        if found != expected { complaints.append("\(status.budget.name) \(key.values): \(found), not \(expected)") }
        if isHonest, let limit = status.limit, status.used + status.reserved > limit {
          complaints.append("\(status.budget.name): \(found) of \(limit)")
        }
      }
      for (key, account) in naive.accounts where !seen.contains(key) {
        if account.reserved > 0 || naive.used(key, now: now) > 0 { complaints.append("no account \(key)") }
      }
      return complaints
    }
  }
}
