import Glibc

/// What was used lately, and what it is held against: bins of time, or the use that the shape of the day let expect.
///
/// Both are sums in which a bin weighs less the older it is. Their ratio is a rate, or the level of use: how many times
/// what is usual it is at present.
struct DecayedUse: Sendable {
  private(set) var used: Float = 0
  private(set) var measure: Float = 0

  private static let highestLevel: Float = 4
  /// In mean bins: what the level 1 weighs at the beginning.
  private static let prior: Float = 0.3
  /// In bins: below that much time there is no rate.
  private static let leastTime: Float = 0.05

  init() {}

  init?(stored: [Float]) {
    guard stored.count == 2, stored.allSatisfy({ $0.isFinite }) else { return nil }
    (used, measure) = (stored[0], stored[1])
  }

  var stored: [Float] { [used, measure] }

  /// Counts a bin.
  /// - Parameters:
  ///   - addition: 1 for a rate, the expected use for a level.
  ///   - memory: what is left of a bin's weight one bin later.
  mutating func add(_ use: Float, measure addition: Float, memory: Float) {
    used = used * memory + use
    measure = measure * memory + addition
  }

  /// Use per bin with an open bin counted in; `share` of it has passed.
  func rate(with open: Float, share: Float) -> Float {
    let time = measure + share
    return time > Self.leastTime ? max(0, used + open) / time : 0
  }

  /// The level with an open bin counted in: 0 to 4.
  /// - Parameters:
  ///   - expected: what of the open bin's expected use is due by now.
  ///   - meanBin: the expected use of a bin, over the day.
  func level(with open: Float, expected: Float, meanBin: Float) -> Float {
    let below = measure + expected + Self.prior * meanBin
    guard below > 0 else { return 0 }
    return min(Self.highestLevel, max(0, (used + open + Self.prior * meanBin) / below))
  }

  /// The memory for a half-life in bins.
  static func memory(halfLife: Float) -> Float { exp2f(-1 / max(0.5, halfLife)) }
}
