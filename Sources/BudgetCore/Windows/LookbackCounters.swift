/// What a scope's value (an agent, a user, a model) used over the trailing 1 minute, 5 minutes, hour and day.
///
/// Instead of sums for each bucket it keeps the running totals at the start of each bucket; a lookback is
/// the difference to now. Adding is then one addition, whatever the number of lookbacks, and a bucket's turn
/// is paid once for each bucket. Each lookback has 20 buckets and is answered from the last bucket edge at or
/// before its start: it never under-counts and over-counts by at most 5 % of its length.
package struct LookbackCounters: Sendable {
  package enum Lookback: Int, CaseIterable, Sendable {
    case minute = 0
    case fiveMinutes, hour, day

    package var name: String {
      switch self {
      case .minute: "1m"
      case .fiveMinutes: "5m"
      case .hour: "1h"
      case .day: "24h"
      }
    }

    package init?(name: String) {
      guard let lookback = Self.allCases.first(where: { $0.name == name }) else { return nil }
      self = lookback
    }

    /// The length of one bucket in ticks.
    fileprivate var bucketTicks: Int64 {
      switch self {
      case .minute: 1
      case .fiveMinutes: 5
      case .hour: 60
      case .day: 1440
      }
    }
  }

  /// Totals since the counter was born. Cost is in picodollars modulo 2^64: differences are exact as long as
  /// one day's cost of one value stays under 18 million USD.
  package struct Totals: Hashable, Sendable {
    package var tokens: Int64 = 0
    package var cost: UInt64 = 0
    package var requests: Int64 = 0

    package init() {}

    package mutating func add(tokens: Int64, cost: Quantity, requests: Int64) {
      self.tokens &+= tokens
      self.cost &+= UInt64(truncatingIfNeeded: cost)
      self.requests &+= requests
    }

    fileprivate func since(_ earlier: Totals) -> Totals {
      var difference = Totals()
      difference.tokens = tokens &- earlier.tokens
      difference.cost = cost &- earlier.cost
      difference.requests = requests &- earlier.requests
      return difference
    }
  }

  /// Nanoseconds in a tick, the bucket length of the shortest lookback.
  package static let tickLength: Int64 = 3_000_000_000
  private static let buckets: Int64 = 20
  private static let ring: Int64 = 21

  /// 0 before the epoch, where a clock that was never set may stand.
  package static func tick(at steady: Instant) -> Int64 { max(0, steady.nanoseconds) / tickLength }

  package private(set) var totals = Totals()
  package private(set) var tick: Int64
  private var edges: InlineArray<84, Totals>
  /// Without it counters would be 2,048 bytes apart, and their beginnings, which every use touches, share two sets of the
  /// first-level cache.
  private let distance = InlineArray<8, UInt64>(repeating: 0)

  package init(tick: Int64) {
    self.tick = tick
    edges = InlineArray(repeating: Totals())
  }

  @inline(__always)
  package mutating func add(tokens: Int64, cost: Quantity, requests: Int64, tick now: Int64) {
    if now > tick { turn(to: now) }
    totals.add(tokens: tokens, cost: cost, requests: requests)
  }

  /// Adds what was used at an earlier tick: into the buckets that it belongs to.
  package mutating func add(tokens: Int64, cost: Quantity, requests: Int64, at past: Int64, tick now: Int64) {
    if now > tick { turn(to: now) }
    for lookback in Lookback.allCases {
      let current = tick / lookback.bucketTicks
      for bucket in max(0, current - Self.buckets)...max(0, current) where bucket * lookback.bucketTicks > past {
        edges[Self.index(lookback, bucket)].add(tokens: tokens, cost: cost, requests: requests)
      }
    }
    totals.add(tokens: tokens, cost: cost, requests: requests)
  }

  /// What was used in the trailing lookback.
  package mutating func used(in lookback: Lookback, tick now: Int64) -> Totals {
    if now > tick { turn(to: now) }
    let oldest = tick / lookback.bucketTicks - Self.buckets
    return totals.since(edges[Self.index(lookback, max(0, oldest))])
  }

  @inline(never)
  private mutating func turn(to now: Int64) {
    for lookback in Lookback.allCases {
      let last = tick / lookback.bucketTicks
      let current = now / lookback.bucketTicks
      guard current > last else { break }
      for bucket in max(last + 1, current - Self.buckets)...current {
        edges[Self.index(lookback, bucket)] = totals
      }
    }
    tick = now
  }

  /// The same use seen from another tick, each bucket as many buckets ago as before: for a clock that was set.
  /// Bucket edges move by less than a bucket.
  package func moved(to now: Int64) -> LookbackCounters {
    var moved = self
    moved.tick = max(0, now)
    for lookback in Lookback.allCases {
      let before = tick / lookback.bucketTicks
      let after = moved.tick / lookback.bucketTicks
      for age in stride(from: Self.buckets, through: 0, by: -1) {
        moved.edges[Self.index(lookback, max(0, after - age))] = edges[Self.index(lookback, max(0, before - age))]
      }
    }
    return moved
  }

  private static func index(_ lookback: Lookback, _ bucket: Int64) -> Int {
    lookback.rawValue * Int(ring) + Int(bucket % ring)
  }
}

extension LookbackCounters {
  /// The counter's numbers for storage: tick, totals, then every edge.
  package var stored: [UInt64] {
    var numbers: [UInt64] = [UInt64(bitPattern: tick)]
    numbers.reserveCapacity(1 + 3 + 3 * edges.count)
    for totals in [totals] + edges.indices.map({ edges[$0] }) {
      numbers.append(UInt64(bitPattern: totals.tokens))
      numbers.append(totals.cost)
      numbers.append(UInt64(bitPattern: totals.requests))
    }
    return numbers
  }

  package static let storedCount = 1 + 3 * 85

  /// `nil` when the numbers are not a counter's.
  package init?(stored numbers: some RandomAccessCollection<UInt64>) {
    let numbers = Array(numbers)
    guard numbers.count == Self.storedCount, let first = numbers.first else { return nil }
    let tick = Int64(bitPattern: first)
    guard tick >= 0 else { return nil }
    self.init(tick: tick)
    func totals(_ position: Int) -> Totals {
      var value = Totals()
      value.tokens = Int64(bitPattern: numbers[position])
      value.cost = numbers[position + 1]
      value.requests = Int64(bitPattern: numbers[position + 2])
      return value
    }
    self.totals = totals(1)
    for index in edges.indices { edges[index] = totals(4 + 3 * index) }
  }
}
