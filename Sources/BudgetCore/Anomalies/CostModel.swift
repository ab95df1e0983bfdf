import Glibc

/// What calls of one agent cost: mean and variance of the logarithm, the newer calls weighing more.
///
/// Costs of calls are skewed and span decades, their logarithms are near enough to normal. The update is West's
/// incremental one with a weight of 1/n for the first calls, which makes it Welford's, and of 1/100 from then on
/// (D. H. D. West, "Updating mean and variance estimates", CACM 22(9), 1979; T. Finch, "Incremental calculation of
/// weighted mean and variance", 2009). It is floating point, and no account is: nothing is charged by it.
package struct CostModel: Hashable, Sendable {
  /// Calls before a score says anything.
  package static let enough: Int64 = 20
  /// The weight of a call goes down to 1 / `memory`.
  private static let memory = 100.0
  /// A deviation is at least this, so that an agent whose calls all cost the same may vary a little: a score of 4
  /// then takes a call of e (2.7) times the typical cost.
  private static let leastDeviation = 0.25
  /// A call counts as at most this many deviations away once enough are known: one outlier must not hide the next.
  private static let furthest = 3.0
  /// No cost has a larger logarithm.
  private static let largestLogarithm = 90.0

  package private(set) var count: Int64 = 0
  package private(set) var mean = 0.0
  package private(set) var variance = 0.0

  package init() {}

  /// Takes over stored numbers; `nil` for what none can be.
  package init?(count: Int64, mean: Double, variance: Double) {
    guard count >= 0, (0...Self.largestLogarithm).contains(mean),
      (0...(Self.largestLogarithm * Self.largestLogarithm)).contains(variance)
    else { return nil }
    self.count = count
    self.mean = mean
    self.variance = variance
  }

  /// How far a cost is from the typical one; `nil` while too few calls are known.
  /// - Parameter cost: picodollars, more than 0.
  package func score(of cost: Quantity) -> CallScore? {
    score(of: cost, logarithm: Self.logarithm(cost))
  }

  private func score(of cost: Quantity, logarithm: Double) -> CallScore? {
    guard count >= Self.enough else { return nil }
    return CallScore(score: (logarithm - mean) / deviation, cost: cost, logarithmicMean: mean)
  }

  /// Compares a call with those before it, and then learns from it.
  /// - Parameter cost: picodollars, more than 0.
  @discardableResult
  package mutating func learn(_ cost: Quantity) -> CallScore? {
    let logarithm = Self.logarithm(cost)
    let score = score(of: cost, logarithm: logarithm)
    var difference = logarithm - mean
    if count >= Self.enough {
      let bound = Self.furthest * deviation
      difference = min(max(difference, -bound), bound)
    }
    count = count.saturatingAdd(1)
    let weight = max(1 / Double(count), 1 / Self.memory)
    mean += weight * difference
    variance = (1 - weight) * (variance + weight * difference * difference)
    return score
  }

  private var deviation: Double { max(variance.squareRoot(), Self.leastDeviation) }

  private static func logarithm(_ cost: Quantity) -> Double { min(log(max(1, cost.approximation)), largestLogarithm) }
}

/// How far a call's cost is from what calls of its agent cost.
package struct CallScore: Hashable, Sendable {
  /// In deviations of the logarithm of the cost.
  package var score: Double
  /// In picodollars.
  package var cost: Quantity
  fileprivate let logarithmicMean: Double

  /// What a call typically costs, in picodollars: the geometric mean.
  package var typical: Quantity { Quantity(exactly: exp(logarithmicMean).rounded()) ?? .max }
}

/// What counts as an anomaly, and of how many agents costs are learned.
package struct AnomalySettings: Hashable, Sendable {
  /// The score from which a call is counted and told.
  package var threshold = 4.0
  package var maxAgents = 1024

  package init() {}
}
