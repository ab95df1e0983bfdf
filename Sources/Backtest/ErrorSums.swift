import Glibc

/// Errors of forecasts of a window's total, all made at the same part of the window. What nothing was counted for is not a
/// number, here and below.
package struct ErrorSums: Sendable {
  private var relative: [Double] = []
  private var logarithmic = 0.0
  private var absolute = 0.0
  private var totals = 0.0

  package init() {}

  /// - Parameter total: more than 0.
  package mutating func add(forecast: Double, total: Double) {
    relative.append(abs(forecast - total) / total)
    logarithmic += min(2, abs(log(max(forecast, 1e-9) / total)))
    absolute += abs(forecast - total)
    totals += total
  }

  /// Counts in what was summed elsewhere.
  package mutating func add(_ others: ErrorSums) {
    relative += others.relative
    logarithmic += others.logarithmic
    absolute += others.absolute
    totals += others.totals
  }

  package var count: Int { relative.count }
  /// The median of |forecast - total| / total.
  package var median: Double { quantile(0.5) }
  package var p90: Double { quantile(0.9) }
  /// The mean of min(|log(forecast / total)|, 2).
  package var cappedLog: Double { count > 0 ? logarithmic / Double(count) : .nan }
  /// The sum of errors over the sum of totals.
  package var weighted: Double { totals > 0 ? absolute / totals : .nan }

  private func quantile(_ share: Double) -> Double {
    guard !relative.isEmpty else { return .nan }
    let sorted = relative.sorted()
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(sorted.count - 1, below + 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }
}

/// How often what happened lay inside the intervals.
package struct CoverageSums: Sendable {
  package private(set) var count = 0
  private var inside80 = 0
  private var inside95 = 0

  package init() {}

  package mutating func add(inside80 first: Bool, inside95 second: Bool) {
    count += 1
    if first { inside80 += 1 }
    if second { inside95 += 1 }
  }

  /// Counts in what was counted elsewhere.
  package mutating func add(_ others: CoverageSums) {
    count += others.count
    inside80 += others.inside80
    inside95 += others.inside95
  }

  package var share80: Double { count > 0 ? Double(inside80) / Double(count) : .nan }
  package var share95: Double { count > 0 ? Double(inside95) / Double(count) : .nan }
}

/// How good an alert is that fires at most once a window.
package struct AlertSums: Sendable {
  package private(set) var truePositives = 0
  package private(set) var falsePositives = 0
  package private(set) var falseNegatives = 0
  package private(set) var trueNegatives = 0
  private var leads: [Double] = []

  package init() {}

  /// - Parameters:
  ///   - fired: seconds since 1970, before use passed the limit; `nil`: it did not.
  ///   - exceeded: when use passed the limit.
  package mutating func add(fired: Int64?, exceeded: Int64?) {
    switch (fired, exceeded) {
    case (let fired?, let exceeded?):
      truePositives += 1
      leads.append(Double(exceeded - fired) / 3600)
    case (_?, nil): falsePositives += 1
    case (nil, _?): falseNegatives += 1
    case (nil, nil): trueNegatives += 1
    }
  }

  /// Counts in what was counted elsewhere.
  package mutating func add(_ others: AlertSums) {
    truePositives += others.truePositives
    falsePositives += others.falsePositives
    falseNegatives += others.falseNegatives
    trueNegatives += others.trueNegatives
    leads += others.leads
  }

  package var f1: Double {
    let errors = falsePositives + falseNegatives
    let all = 2 * truePositives + errors
    return all > 0 ? Double(2 * truePositives) / Double(all) : .nan
  }

  package var falsePositiveRate: Double {
    let negatives = falsePositives + trueNegatives
    return negatives > 0 ? Double(falsePositives) / Double(negatives) : .nan
  }

  /// In hours.
  package var medianLead: Double {
    let sorted = leads.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
