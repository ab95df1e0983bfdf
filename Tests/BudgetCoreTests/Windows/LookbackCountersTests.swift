import Testing

@testable import BudgetCore

@Suite("Lookback counters")
struct LookbackCountersTests {
  private struct Use {
    var tick: Int64
    var tokens: Int64
  }

  /// The ticks of each lookback's length and of one of its buckets.
  private static let shapes: [(LookbackCounters.Lookback, length: Int64, bucket: Int64)] = [
    (.minute, 20, 1), (.fiveMinutes, 100, 5), (.hour, 1200, 60), (.day, 28_800, 1440),
  ]

  @Test("never under-counts, and over-counts at most one bucket, late additions and gaps included")
  func againstEvents() {
    var random = ZoneRandom("LookbackCounters")
    for _ in 0..<60 {
      var now = Int64.random(in: 100_000...600_000_000, using: &random)
      var counters = LookbackCounters(tick: now)
      var uses: [Use] = []
      for _ in 0..<150 {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: now += Int64.random(in: 0...40_000, using: &random)
        case 1...5: now += Int64.random(in: 0...100, using: &random)
        case 6...10: now += Int64.random(in: 0...3, using: &random)
        default: break
        }
        let tokens = Int64.random(in: 1...1000, using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 {
          let past = now - Int64.random(in: 0...(Bool.random(using: &random) ? 100 : 40_000), using: &random)
          counters.add(tokens: tokens, cost: Quantity(tokens) * 3, requests: 1, at: past, tick: now)
          uses.append(Use(tick: past, tokens: tokens))
        } else {
          counters.add(tokens: tokens, cost: Quantity(tokens) * 3, requests: 1, tick: now)
          uses.append(Use(tick: now, tokens: tokens))
        }
        for (lookback, length, bucket) in Self.shapes {
          let counted = counters.used(in: lookback, tick: now)
          let least = uses.reduce(0) { $1.tick > now - length ? $0 + $1.tokens : $0 }
          let most = uses.reduce(0) { $1.tick > now - length - bucket ? $0 + $1.tokens : $0 }
          #expect(counted.tokens >= least && counted.tokens <= most, "\(lookback.name)")
          #expect(counted.cost == UInt64(counted.tokens) * 3)
        }
      }
    }
  }

  @Test("all is gone a lookback and a bucket later")
  func silence() {
    for (lookback, length, bucket) in Self.shapes {
      var counters = LookbackCounters(tick: 1000)
      counters.add(tokens: 7, cost: 1, requests: 2, tick: 1000)
      #expect(counters.used(in: lookback, tick: 1000 + length - 1).tokens == 7)
      #expect(counters.used(in: lookback, tick: 1000 + length + bucket) == LookbackCounters.Totals())
      #expect(counters.totals.tokens == 7)
    }
  }

  @Test("what was stored goes on as before")
  func storedRoundTrip() throws {
    var random = ZoneRandom("LookbackCounters, stored")
    var counters = LookbackCounters(tick: 5)
    var now: Int64 = 5
    for _ in 0..<500 {
      now += Int64.random(in: 0...200, using: &random)
      counters.add(tokens: Int64.random(in: 0...9, using: &random), cost: 1 << 70 + 5, requests: 1, tick: now)
    }
    var back = try #require(LookbackCounters(stored: counters.stored))
    #expect(back.stored == counters.stored && back.stored.count == LookbackCounters.storedCount)
    for step in [0, 1, 30, 1000, 50_000] as [Int64] {
      for lookback in LookbackCounters.Lookback.allCases {
        #expect(back.used(in: lookback, tick: now + step) == counters.used(in: lookback, tick: now + step))
      }
    }
  }

  @Test("refuses numbers that are no counter's")
  func storedRefusals() {
    #expect(LookbackCounters(stored: [UInt64]()) == nil)
    #expect(LookbackCounters(stored: [UInt64](repeating: 0, count: 10)) == nil)
    var numbers = LookbackCounters(tick: 0).stored
    numbers[0] = UInt64(bitPattern: -1)
    #expect(LookbackCounters(stored: numbers) == nil)
  }

  @Test("a clock before 1970 counts as the epoch")
  func beforeTheEpoch() {
    let tick = LookbackCounters.tick(at: Instant(seconds: -5000))
    var counters = LookbackCounters(tick: tick)
    counters.add(tokens: 3, cost: 0, requests: 0, at: LookbackCounters.tick(at: Instant(seconds: -9000)), tick: tick)
    #expect(counters.used(in: .minute, tick: tick).tokens == 3)
  }

  @Test("names are read back")
  func names() {
    for lookback in LookbackCounters.Lookback.allCases {
      #expect(LookbackCounters.Lookback(name: lookback.name) == lookback)
    }
    #expect(LookbackCounters.Lookback(name: "2h") == nil)
  }
}
