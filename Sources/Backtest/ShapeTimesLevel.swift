import Glibc

/// A plain seasonal forecast to hold the product's against: what the day's hours usually use, times how far recent use
/// was above that. It has no experts, no weights and no memory of its errors.
///
/// Each hour of the day (UTC) is the weighted mean of the square root of its use; a day weighs max(0.35, 1/(days + 1)),
/// an hour counts as at most four times its own or the mean shape. The level is what was used over what the shape
/// expected, both with a half-life of four hours; in what is to come it returns to 1 with a half-life of a day.
struct ShapeTimesLevel {
  private var roots = [Double](repeating: 0, count: 24)
  private var days = 0
  private var used = 0.0
  private var expected = 0.0
  private var openHour = 0.0

  static let step: Int64 = 600
  private static let slowestWeight = 0.35
  private static let clip = 4.0
  private static let memory = exp2(-1.0 / 24)
  private static let prior = 0.3
  private static let highestLevel = 8.0

  /// Learns what was used in the ten minutes up to a time. O(24).
  mutating func learn(_ use: Double, to time: Int64) {
    let slot = Self.slot(time - Self.step)
    used = used * Self.memory + use
    expected = expected * Self.memory + step(slot)
    openHour += use
    guard time % 3600 == 0 else { return }
    let largest = days > 0 ? Self.clip * max(roots[slot] * roots[slot], 144 / 24 * meanStep) : .infinity
    let weight = max(Self.slowestWeight, 1 / Double(days + 1))
    roots[slot] = (1 - weight) * roots[slot] + weight * min(openHour, largest).squareRoot()
    openHour = 0
    if slot == 23 { days += 1 }
  }

  /// What is to be used from one time to another; `nil` on the first day. O(steps between).
  func rest(from time: Int64, to end: Int64) -> Double? {
    guard days > 0 else { return nil }
    let prior = Self.prior * meanStep
    let level = expected + prior > 0 ? min(Self.highestLevel, (used + prior) / (expected + prior)) : 0
    var rest = 0.0
    for start in stride(from: time, to: end, by: Int(Self.step)) {
      let age = Double(start - time) / 86_400
      rest += step(Self.slot(start)) * (1 + (level - 1) * exp2(-age))
    }
    return rest
  }

  /// What the shape expects of ten minutes: in an hour of the day, and in a mean one.
  private func step(_ slot: Int) -> Double { roots[slot] * roots[slot] / 6 }
  private var meanStep: Double { roots.reduce(0) { $0 + $1 * $1 } / 144 }

  private static func slot(_ time: Int64) -> Int { Int((time % 86_400 + 86_400) % 86_400 / 3600) }
}
