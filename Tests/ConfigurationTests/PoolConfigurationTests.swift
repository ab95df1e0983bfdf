import BudgetCore
import Testing

@testable import Configuration

@Suite("Pools in a configuration")
struct PoolConfigurationTests {
  @Test("A12: a pool splits 90/10 and warns at 0.85 unless it says otherwise")
  func defaults() throws {
    let pools = try parse("pools: [{name: context, tokens: 128_000}]").ledger.pools
    #expect(pools == [Pool(name: "context", tokens: 128_000)])
    #expect(pools[0].lookupRatio == Ratio(millionths: 900_000) && pools[0].warnAt == Ratio(millionths: 850_000))
    #expect(pools[0].reserve == 0 && pools[0].window == nil && pools[0].allocationTTL == nil)
  }

  @Test("every key is taken over")
  func everything() throws {
    let text = """
      pools:
        - name: daily
          tokens: 1M
          lookup_ratio: 0.5
          warn_at: 0.7
          enforce_split: true
          reserve_for_critical: 0.1
          window: { calendar: day }
          allocation_ttl: 1h
        - { name: hourly, tokens: 0, window: { fixed: 1h } }
        - { name: ever, tokens: 5, window: lifetime }
      bounds: { max_allocations: 7 }
      """
    let ledger = try parse(text).ledger
    #expect(
      ledger.pools == [
        Pool(
          name: "daily", tokens: 1_000_000, lookupRatio: Ratio(millionths: 500_000),
          warnAt: Ratio(millionths: 700_000), enforceSplit: true, reserveForCritical: Ratio(millionths: 100_000),
          window: .calendar(CalendarRule(period: .day)), allocationTTL: .hours(1)),
        Pool(name: "hourly", tokens: 0, window: .fixed(.hours(1))), Pool(name: "ever", tokens: 5),
      ])
    #expect(ledger.bounds.maxAllocations == 7)
  }

  @Test(
    "a mistake names its line, its key and what would be right",
    arguments: [
      ("tokens: 5", "pools[0]", "has no name", "name: context"),
      ("name: a", "pools[0]", "a pool needs tokens", "tokens: 128_000"),
      ("name: a, tokens: -5", "pools[0].tokens", "a whole number from 0", "128_000"),
      ("name: a, tokens: 5, lookup_ratio: 1.5", "pools[0].lookup_ratio", "from 0 to 1", "0.8"),
      ("name: a, tokens: 5, enforce_split: maybe", "pools[0].enforce_split", "one of true, false", "true"),
      ("name: a, tokens: 5, reserve: 0.1", "pools[0].reserve", "unknown key", "reserve_for_critical"),
      ("name: a, tokens: 5, window: {rolling: 1h}", "pools[0].window", "fixed, calendar or lifetime", "calendar: day"),
      ("name: a, tokens: 5, allocation_ttl: 5", "pools[0].allocation_ttl", "a duration from 1s", "5m"),
      ("name: b, tokens: 5", "pools[1].name", "taken by the pool on line 2", "another name"),
    ])
  func mistakes(pool: String, key: String, problem: String, remedy: String) throws {
    let text = "pools:\n  - {\(pool)}\n" + (pool.hasPrefix("name: b") ? "  - {\(pool)}\n" : "")
    let found = errors(in: text)
    #expect(found.count == 1)
    let error = try #require(found.first)
    #expect(error.line == (key == "pools[1].name" ? 3 : 2) && error.key == key)
    #expect(error.problem.contains(problem), "\(error.problem)")
    #expect(error.remedy.contains(remedy), "\(error.remedy)")
  }
}
