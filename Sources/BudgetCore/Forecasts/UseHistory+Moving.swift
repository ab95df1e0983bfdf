// What was used lately, on a clock that was set.
extension UseHistory {
  /// The same use on a clock on which another minute runs: ages stay, and bins begin elsewhere. What fell into one bin is
  /// taken for even within it, as lookbacks do. O(bins^2).
  /// - Parameters:
  ///   - old: the minute that ran on the clock of then.
  ///   - new: the minute that runs on the clock of now.
  func moved(from old: Int64, to new: Int64) -> UseHistory {
    guard old != new else { return self }
    var moved = UseHistory()
    for age in Int64(0)..<6 { moved.setMinute(at: new - age, minute(at: old - age)) }

    let newTens = Self.even(
      (0..<13).map { ten(at: old - 10 * $0) }, open: old.flooredRemainder(10) + 1, width: 10,
      into: new.flooredRemainder(10) + 1)
    for (age, use) in newTens.enumerated() { moved.setTen(at: new - 10 * Int64(age), use) }

    let newHours = Self.even(
      [openHour] + (1...24).map { hour(at: old - 60 * $0) }, open: old.flooredRemainder(60) + 1, width: 60,
      into: new.flooredRemainder(60) + 1)
    moved.setHours(openAt: new, newHours)
    return moved
  }

  /// Bins of the same ages, newest first, where the newest covers another part of its width.
  private static func even(_ bins: [Float], open: Int64, width: Int64, into newOpen: Int64) -> [Float] {
    /// What was used in the last minutes.
    func used(in minutes: Int64) -> Float {
      var (sum, rest) = (Float(0), minutes)
      for (number, bin) in bins.enumerated() {
        let length = number == 0 ? open : width
        sum += bin * Float(min(rest, length)) / Float(length)
        rest -= min(rest, length)
      }
      return sum
    }
    return bins.indices.map { number in
      let end = newOpen + Int64(number) * width
      return max(0, used(in: end) - used(in: number == 0 ? 0 : end - width))
    }
  }
}
