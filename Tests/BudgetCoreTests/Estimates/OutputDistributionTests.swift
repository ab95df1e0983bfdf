import Testing

@testable import BudgetCore

@Suite("A distribution of outputs")
struct OutputDistributionTests {
  @Test("takes at most 256 bytes")
  func size() {
    #expect(MemoryLayout<OutputDistribution>.size <= 256)
    #expect(OutputDistribution.largest > 200_000)
  }

  @Test("answers small outputs exactly", arguments: 0...19 as ClosedRange<Int64>)
  func small(tokens: Int64) {
    var outputs = OutputDistribution()
    outputs.observe(tokens)
    #expect(outputs.quantile(Ratio(millionths: 950_000)) == tokens)
  }

  @Test(
    "is never below the exact quantile and less than a tenth above", arguments: 1...30,
    [500_000, 900_000, 950_000, 990_000] as [Int64])
  func error(seed: UInt64, share: Int64) {
    var random = SeededRandom(seed: seed)
    var outputs = OutputDistribution()
    var exact: [Int64] = []
    for _ in 0..<1000 {
      // Log-uniform from 1 to 2^17: every size of output alike.
      let scale = Int64(1) << Int64.random(in: 0...16, using: &random)
      let tokens = Int64.random(in: scale...(2 * scale), using: &random)
      exact.append(tokens)
      outputs.observe(tokens)
    }
    let truth = exact.sorted()[Int(1000 * share / 1_000_000) - 1]
    let estimate = outputs.quantile(Ratio(millionths: share)) ?? -1
    #expect(estimate >= truth && estimate * 10 < truth * 11, "\(estimate) for \(truth)")
  }

  @Test("finds the bin of any number: the first numbers of bins and those before them, whatever their bits")
  func bins() {
    var first: Int64 = 0
    for bin in 0..<OutputDistribution.binCount {
      #expect(OutputDistribution.bin(of: first) == bin)
      let next = max(first + 1, first * 11 / 10)
      #expect(OutputDistribution.bin(of: next - 1) == bin)
      first = next
    }
    #expect(OutputDistribution.bin(of: .max) == OutputDistribution.binCount - 1)
    #expect(OutputDistribution.bin(of: first) == OutputDistribution.binCount - 1)
    #expect(OutputDistribution.bin(of: -1) == 0 && OutputDistribution.bin(of: .min) == 0)
  }

  @Test("of the numbers from 1 to 100 has its 95th percentile in the bin that ends at 102")
  func worked() {
    var outputs = OutputDistribution()
    for tokens in 1...100 as ClosedRange<Int64> { outputs.observe(tokens) }
    let quantiles = [10_000, 500_000, 950_000, 1_000_000].map { outputs.quantile(Ratio(millionths: $0)) ?? -1 }
    // Bins from 50 to 54 and from 94 to 102.
    #expect(quantiles == [1, 54, 102, 102])
  }

  @Test("forgets what was long ago")
  func decay() {
    var outputs = OutputDistribution()
    for _ in 0..<5000 { outputs.observe(10) }
    for _ in 0..<100 { outputs.observe(5000) }
    #expect((5000..<5500).contains(outputs.quantile(Ratio(millionths: 950_000)) ?? -1))
    for _ in 0..<20_000 { outputs.observe(7) }
    #expect(outputs.quantile(Ratio(millionths: 999_000)) == 7)
  }

  @Test("keeps its quantiles when counts are halved, however thin they are spread")
  func halving() {
    var outputs = OutputDistribution()
    for round in 0..<3 {
      for step in 0..<1024 { outputs.observe(Int64((step * 7 + round) % 20)) }
    }
    #expect((9...10).contains(outputs.quantile(Ratio(millionths: 500_000)) ?? -1))
    #expect((18...19).contains(outputs.quantile(Ratio(millionths: 950_000)) ?? -1))
  }

  @Test("takes any number", arguments: [.min, -1, .max] as [Int64])
  func foreign(tokens: Int64) {
    var outputs = OutputDistribution()
    outputs.observe(tokens)
    #expect(outputs.quantile(Ratio(millionths: .max)) == (tokens < 0 ? 0 : OutputDistribution.largest))
    #expect(outputs.quantile(Ratio(millionths: .min)) == (tokens < 0 ? 0 : OutputDistribution.largest))
  }

  @Test("is none without calls, and none of stored counts that no calls make")
  func none() {
    #expect(OutputDistribution().quantile(Ratio(millionths: 950_000)) == nil)
    #expect(OutputDistribution(stored: [1, 2]) == nil)
    #expect(OutputDistribution(stored: Array(repeating: .max, count: OutputDistribution.binCount)) == nil)
  }
}
