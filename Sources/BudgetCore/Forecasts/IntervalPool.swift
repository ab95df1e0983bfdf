import Glibc

/// How far off forecasts of one scale are, over all accounts: quantiles of the error in units of each account's own.
///
/// An error is z = log((rest + e) / (forecast + e)) / (v + 0.6 v~), with v the account's mean |log error| at that
/// checkpoint and v~ the median of that over accounts. Quantiles of z follow what is seen by steps of the pinball loss's
/// gradient, so that the shares of errors below them come out right whatever the errors' distribution. (Adaptive
/// conformal inference: Gibbs & Candès 2021; quantile tracking: Angelopoulos, Candès & Tibshirani 2023.)
package struct IntervalPool: Sendable {
  static let levels: InlineArray<5, Float> = [0.025, 0.1, 0.5, 0.9, 0.975]

  /// Five for each checkpoint.
  private(set) var quantiles = InlineArray<35, Float>(repeating: 0)
  /// v~ at each checkpoint.
  private(set) var typical = InlineArray<7, Float>(repeating: 0.5)

  private static let step: Float = 0.1
  private static let typicalStep: Float = 1.02
  private static let typicalShare: Float = 0.6
  private static let least: Float = 0.01

  init() {
    for checkpoint in 0..<7 {
      quantiles[checkpoint * 5] = -3.5
      quantiles[checkpoint * 5 + 1] = -1.5
      quantiles[checkpoint * 5 + 3] = 1.5
      quantiles[checkpoint * 5 + 4] = 3.5
    }
  }

  package init?(stored: [Float]) {
    guard stored.count == Self.storedCount, stored.allSatisfy({ $0.isFinite }) else { return nil }
    for index in 0..<35 { quantiles[index] = stored[index] }
    for index in 0..<7 { typical[index] = max(Self.least, stored[35 + index]) }
  }

  package static let storedCount = 42

  package var stored: [Float] { quantiles.indices.map { quantiles[$0] } + typical.indices.map { typical[$0] } }

  func scale(ownError: Float, at checkpoint: Int) -> Float {
    max(Self.least, ownError + Self.typicalShare * typical[checkpoint])
  }

  mutating func learn(_ error: Float, ownError: Float, at checkpoint: Int) {
    let z = error / scale(ownError: ownError, at: checkpoint)
    guard z.isFinite else { return }
    for level in 0..<5 {
      let index = checkpoint * 5 + level
      quantiles[index] += Self.step * (z > quantiles[index] ? Self.levels[level] : Self.levels[level] - 1)
    }
    let above = ownError > typical[checkpoint]
    typical[checkpoint] = min(
      2, max(Self.least, typical[checkpoint] * (above ? Self.typicalStep : 1 / Self.typicalStep)))
  }

  /// The quantiles of z between two checkpoints, in order, and with the forecast itself inside.
  func quantiles(_ checkpoint: Int, _ next: Int, _ share: Float) -> InlineArray<5, Float> {
    let quantiles = quantiles.span
    var between = InlineArray<5, Float>(repeating: 0)
    for level in 0..<5 {
      between[level] = (1 - share) * quantiles[checkpoint * 5 + level] + share * quantiles[next * 5 + level]
    }
    between[1] = min(between[1], -0.05)
    between[0] = min(between[0], between[1] - 0.05)
    between[3] = max(between[3], 0.05)
    between[4] = max(between[4], between[3] + 0.05)
    between[2] = min(between[3] - 0.01, max(between[1] + 0.01, between[2]))
    return between
  }

  /// The chance that z is larger: straight lines between the quantiles, beyond them falling tails.
  static func chance(above z: Float, _ quantiles: InlineArray<5, Float>) -> Float {
    if z.isNaN { return 0 }
    if z >= quantiles[4] {
      let width = max(0.05, quantiles[4] - quantiles[3])
      return 0.025 * expf(-(z - quantiles[4]) / width * 1.386_294)
    }
    if z <= quantiles[0] {
      let width = max(0.05, quantiles[1] - quantiles[0])
      return 1 - 0.025 * expf((z - quantiles[0]) / width * 1.386_294)
    }
    var level = 0
    while z > quantiles[level + 1] { level += 1 }
    let share = (z - quantiles[level]) / (quantiles[level + 1] - quantiles[level])
    return 1 - levels[level] - share * (levels[level + 1] - levels[level])
  }
}
