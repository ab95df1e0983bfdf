/// What agents are advised to do when a budget runs low.
package struct AdviceSettings: Hashable, Sendable {
  /// From a used share on, a prompt is better compressed to so many tokens.
  package struct Rung: Hashable, Sendable {
    /// The advice holds when the used share is strictly above this.
    package var above: Ratio
    package var compressTo: Int64

    package init(above: Ratio, compressTo: Int64) {
      self.above = above
      self.compressTo = compressTo
    }
  }

  /// In any order: the highest rung that is passed counts.
  package var ladder = [
    Rung(above: Ratio(millionths: 700_000), compressTo: 4_000),
    Rung(above: Ratio(millionths: 900_000), compressTo: 2_000),
  ]
  package var models = ModelTiers()
  /// With a smaller remaining share than this, the next cheaper tier is enough.
  package var modelsBelow = Ratio(millionths: 200_000)

  package init() {}
}
