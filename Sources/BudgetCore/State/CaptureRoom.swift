/// Memory for a capture of the large tables, made and touched before the ledger is held: under the lock only copying is
/// left. The first touch of memory costs more than what is then written to it.
package struct CaptureRoom {
  var series: [SeriesRow] = []
  var accounts: [Account] = []
  var rings: [Quantity] = []
  var scopeCounters: [LookbackCounters] = []
  var histograms: [DurationHistogram] = []
  var distributions: [OutputDistribution] = []

  /// Room for nothing: the capture makes its own.
  package init() {}

  /// How many rows the tables have. What is added until the capture is made finds a little room too.
  package struct Sizes: Sendable {
    var series = 0
    var accounts = 0
    var rings = 0
    var scopeCounters = 0
    var histograms = 0
    var distributions = 0
  }

  /// O(memory), without the ledger.
  package init(_ sizes: Sizes) {
    series = Self.touched(sizes.series)
    accounts = Self.touched(sizes.accounts)
    rings = Self.touched(sizes.rings)
    scopeCounters = Self.touched(sizes.scopeCounters)
    histograms = Self.touched(sizes.histograms)
    distributions = Self.touched(sizes.distributions)
  }

  private static let page = 4096

  /// An empty array with room for so many and some more, its pages in memory.
  static func touched<Element>(_ count: Int) -> [Element] {
    guard count > 0 else { return [] }
    return [Element](unsafeUninitializedCapacity: count + count / 16 + 64) { buffer, _ in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      for offset in stride(from: 0, to: bytes.count, by: page) {
        bytes.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
      }
    }
  }
}

extension Ledger {
  package var captureSizes: CaptureRoom.Sizes {
    CaptureRoom.Sizes(
      series: series.rows.count, accounts: accounts.accounts.count, rings: accounts.rings.count,
      scopeCounters: scopes.counters.count, histograms: series.histograms.count,
      distributions: estimates.distributions.count)
  }
}
