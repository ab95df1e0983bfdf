import Glibc

/// How well four simple forecasts did, and what they say of the window that runs.
///
/// Each expert's forecast of the rest is kept at seven checkpoints of the window (its eighths). When the window ends,
/// the expert's loss at each, |log((rest + e) / (forecast + e))| capped at 2, goes into an exponentially weighted mean;
/// the blend weighs experts with the inverse cube of that. (Aggregation of forecasters by their past loss, after Vovk and
/// Littlestone & Warmuth; the power rather than the exponential weighs alike whatever is hard or easy to forecast.)
struct ExpertRecord: Sendable {
  typealias Experts = AccountForecast.Experts

  static let experts = 4
  static let checkpoints = 7

  /// Forecasts of the rest at the checkpoints of this window; not a number where none was made.
  private(set) var forecasts = InlineArray<28, CompactFloat>(repeating: CompactFloat(.nan))
  /// Use in the window at those checkpoints.
  private(set) var usedAt = InlineArray<7, Float>(repeating: 0)
  private(set) var losses = InlineArray<28, CompactFloat>(repeating: unknown)
  /// The weighted mean |log error| of the blend at each checkpoint.
  private(set) var errors = InlineArray<7, CompactFloat>(repeating: unknown)
  /// Windows that were scored, 255 at most.
  private(set) var windows: UInt8 = 0

  /// What is taken for an error before one is known.
  private static let unknown = CompactFloat(0.5)
  private static let largestLoss: Float = 2
  private static let slowestWeight: Float = 0.2
  /// So that a lucky expert does not rule alone.
  private static let lossFloor: Float = 0.02

  init() {}

  init?(stored: [Float]) {
    guard stored.count == Self.storedCount else { return nil }
    for index in 0..<28 { forecasts[index] = CompactFloat(stored[index]) }
    for index in 0..<7 { usedAt[index] = stored[28 + index] }
    for index in 0..<28 { losses[index] = CompactFloat(stored[35 + index]) }
    for index in 0..<7 { errors[index] = CompactFloat(stored[63 + index]) }
    guard stored[28...].allSatisfy({ $0.isFinite }), stored[35...].allSatisfy({ $0 >= 0 }) else { return nil }
    windows = UInt8(min(255, stored[70]))
  }

  static let storedCount = 71

  var stored: [Float] {
    forecasts.indices.map { forecasts[$0].value } + usedAt.indices.map { usedAt[$0] }
      + losses.indices.map { losses[$0].value } + errors.indices.map { errors[$0].value } + [Float(windows)]
  }

  /// What each expert weighs at a checkpoint (0 to 6); they sum to 1.
  func weights(at checkpoint: Int, priors: Experts) -> Experts {
    let loss = losses(at: checkpoint) + Self.lossFloor
    let weights = priors / (loss * loss * loss)
    return weights / weights.sum()
  }

  /// Whether a forecast that was made at a checkpoint was ever held against what came: then some error is no longer what
  /// all of them began with.
  func isScored(at checkpoint: Int) -> Bool {
    errors[checkpoint] != Self.unknown
      || (0..<Self.experts).contains { losses[checkpoint * Self.experts + $0] != Self.unknown }
  }

  /// The weighted mean of the experts' square roots, squared.
  static func blend(_ forecasts: Experts, _ weights: Experts) -> Float {
    let root = (weights * forecasts.replacing(with: 0, where: forecasts .< 0).squareRoot()).sum()
    return root * root
  }

  private func losses(at checkpoint: Int) -> Experts {
    let first = checkpoint * Self.experts
    return Experts(losses[first].value, losses[first + 1].value, losses[first + 2].value, losses[first + 3].value)
  }

  mutating func note(_ rest: Experts, used: Float, at checkpoint: Int) {
    usedAt[checkpoint] = used
    for expert in 0..<Self.experts { forecasts[checkpoint * Self.experts + expert] = CompactFloat(rest[expert]) }
  }

  mutating func forget() {
    for index in 0..<28 { forecasts[index] = CompactFloat(.nan) }
  }

  /// Scores the window that ended with `total`.
  /// - Parameters:
  ///   - floor: e, the use below which errors do not matter.
  ///   - pool: learns how far off the blend was, where that counts for all accounts.
  mutating func score(
    total: Float, floor: Float, priors: Experts, pool: inout IntervalPool, teaches: Bool
  ) {
    let weight = max(Self.slowestWeight, 1 / (Float(windows) + 1.5))
    for checkpoint in 0..<Self.checkpoints where !forecasts[checkpoint * Self.experts].value.isNaN {
      let rest = max(0, total - usedAt[checkpoint])
      var said = Experts.zero
      for expert in 0..<Self.experts { said[expert] = forecasts[checkpoint * Self.experts + expert].value }
      let blend = Self.blend(said, weights(at: checkpoint, priors: priors))
      let error = logf((rest + floor) / (blend + floor))
      let own = errors[checkpoint].value
      if teaches { pool.learn(error, ownError: own, at: checkpoint) }
      errors[checkpoint] = CompactFloat((1 - weight) * own + weight * min(Self.largestLoss, abs(error)))
      for expert in 0..<Self.experts {
        let index = checkpoint * Self.experts + expert
        let loss = min(Self.largestLoss, abs(logf((rest + floor) / (said[expert] + floor))))
        losses[index] = CompactFloat((1 - weight) * losses[index].value + weight * loss)
      }
    }
    windows = windows == 255 ? 255 : windows + 1
    forget()
  }
}
