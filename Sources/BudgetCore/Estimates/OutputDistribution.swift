/// How many tokens calls put out, with the newest calls counting most: 252 bytes whatever is observed.
///
/// Counts stand in bins whose edges grow by a tenth: below 20 tokens each number has its own, then a bin's largest
/// number is less than 1.1 times its smallest. A quantile is answered with the largest number of its bin, so it is
/// never less than the exact one and less than a tenth more. Outputs above `largest` count as `largest`.
/// Counts are halved each time there are `capacity` of them, so that what was last seen `capacity` calls ago
/// weighs at most half.
package struct OutputDistribution: Sendable {
  package static let binCount = 124
  /// Observations after which all counts are halved.
  package static let capacity: UInt32 = 1024
  /// Fewer observations than this say little about the tail of a distribution.
  package static let enough: UInt32 = 20

  /// The smallest number of each bin, and one more than the largest of the last.
  private static let edges: [Int64] = {
    var edges: [Int64] = [0]
    while edges.count <= binCount {
      let last = edges[edges.count - 1]
      edges.append(max(last + 1, last * 11 / 10))
    }
    return edges
  }()

  /// The bin of the smallest number of so many bits.
  private static let firstBins: [UInt8] = (0..<64).map { bits in
    let smallest: Int64 = bits == 0 ? 0 : 1 << (bits - 1)
    return UInt8(edges.prefix(binCount).lastIndex { $0 <= smallest } ?? 0)
  }

  /// The largest output that is told from larger ones.
  package static let largest = edges[binCount] - 1

  private var bins: InlineArray<124, UInt16> = InlineArray(repeating: 0)
  /// The sum of the bins.
  package private(set) var count: UInt32 = 0

  package init() {}

  /// O(1), and O(bins) each time counts are halved.
  package mutating func observe(_ tokens: Int64) { observe(bin: Self.bin(of: tokens)) }

  mutating func observe(bin: Int) {
    bins[bin] += 1
    count += 1
    if count >= Self.capacity { halve() }
  }

  /// The output that this share of the calls did not exceed (nearest rank); `nil` before the first call. O(bins).
  package func quantile(_ share: Ratio) -> Int64? {
    guard count > 0 else { return nil }
    let product = Int64(count) * min(max(share.millionths, 0), 1_000_000)
    let rank = max(1, (product + 999_999) / 1_000_000)
    var seen: Int64 = 0
    for bin in 0..<Self.binCount {
      seen += Int64(bins[bin])
      if seen >= rank { return Self.edges[bin + 1] - 1 }
    }
    return Self.largest
  }

  /// Keeps half of each running sum, so that no quantile moves by more than one call, however few are in a bin.
  private mutating func halve() {
    var before: UInt32 = 0
    var sum: UInt32 = 0
    for bin in 0..<Self.binCount {
      sum += UInt32(bins[bin])
      // Rounded up, or the single largest output of all would never be forgotten.
      let half = (sum + 1) / 2
      bins[bin] = UInt16(half - before)
      before = half
    }
    count = before
  }

  static func bin(of tokens: Int64) -> Int {
    guard tokens > 0 else { return 0 }
    let edges = edges
    var bin = Int(firstBins[Int64.bitWidth - tokens.leadingZeroBitCount])
    // Eight at most: edges grow by a tenth, and with another bit numbers double.
    while bin < binCount - 1, edges[bin + 1] <= tokens { bin += 1 }
    return bin
  }

  // MARK: State

  /// The count of each bin.
  package var stored: [UInt16] { (0..<Self.binCount).map { bins[$0] } }

  /// `nil` for what no distribution can have stored.
  package init?(stored: [UInt16]) {
    guard stored.count == Self.binCount else { return nil }
    for (bin, value) in stored.enumerated() {
      bins[bin] = value
      count += UInt32(value)
    }
    guard count < Self.capacity else { return nil }
  }
}
