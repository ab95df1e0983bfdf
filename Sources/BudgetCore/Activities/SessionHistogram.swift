/// How many tokens sessions used, from their first call to their end.
package struct SessionHistogram: Hashable, Sendable {
  /// Upper bounds in tokens, inclusive; one more bucket is +Inf.
  package static let bounds: [Int64] = [
    100, 250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000, 1_000_000,
  ]

  /// Not cumulative; the last is +Inf.
  package private(set) var counts: [Int64]
  package private(set) var sum: Quantity

  package init() {
    counts = Array(repeating: 0, count: Self.bounds.count + 1)
    sum = 0
  }

  /// Takes over stored numbers; `nil` for what none can be.
  package init?(counts: [Int64], sum: Quantity) {
    guard counts.count == Self.bounds.count + 1, counts.allSatisfy({ $0 >= 0 }), sum >= 0, StoredBounds.isValid(sum)
    else { return nil }
    self.counts = counts
    self.sum = sum
  }

  package var isEmpty: Bool { counts.allSatisfy { $0 == 0 } }

  mutating func observe(_ tokens: Int64) {
    let bucket = Self.bounds.firstIndex { tokens <= $0 } ?? Self.bounds.count
    counts[bucket] = counts[bucket].saturatingAdd(1)
    sum = sum.saturatingAdd(Quantity(max(0, tokens)))
  }
}
