/// How long calls took.
///
/// The bounds are those that OpenTelemetry's GenAI conventions recommend for
/// `gen_ai.client.operation.duration`. Counts are weights: a duration sampled at 0.1 counts 10.
package struct DurationHistogram: Sendable {
  /// Upper bounds in seconds, inclusive; one more bucket is +Inf.
  package static let bounds: [Double] = [
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
  ]
  private static let firstBound: Int64 = 10_000_000

  /// Not cumulative; the last is +Inf.
  package private(set) var counts: InlineArray<15, Double> = InlineArray(repeating: 0)
  /// Seconds.
  package private(set) var sum: Double = 0

  package init() {}

  package init(counts: [Double], sum: Double) {
    for index in 0..<min(counts.count, self.counts.count) { self.counts[index] = counts[index] }
    self.sum = sum
  }

  /// Adds one observation; the bounds double, so the bucket is found in at most 14 comparisons of integers.
  package mutating func observe(nanoseconds: Int64, weight: Double) {
    var bucket = 0
    var bound = Self.firstBound
    while bucket < 14, nanoseconds > bound {
      bound *= 2
      bucket += 1
    }
    counts[bucket] += weight
    sum += Double(nanoseconds) / 1e9 * weight
  }

  package mutating func add(_ other: DurationHistogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    sum += other.sum
  }
}
