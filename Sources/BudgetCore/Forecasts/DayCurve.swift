/// Running sums over 24 hours: what falls into the first minutes of them takes O(1).
struct DayCurve {
  private var sums = InlineArray<25, Float>(repeating: 0)

  /// Nothing.
  init() {}

  /// The shape from midnight on, and the same with each hour at half its weight for every day that its middle lies
  /// after midnight. O(24).
  static func ofShape(_ shape: borrowing DayShape, _ plain: inout DayCurve, fading: inout DayCurve) {
    var (sum, faded, weight) = (Float(0), Float(0), halfHourLater)
    let roots = shape.roots.span
    for slot in 0..<24 {
      let root = roots[slot].value
      let use = root * root
      sum += use
      faded += use * weight
      weight *= hourLater
      plain.sums[slot + 1] = sum
      fading.sums[slot + 1] = faded
    }
  }

  /// Two to the power of minus an hour, and half an hour, in days.
  private static let hourLater: Float = 0.971_531_94
  private static let halfHourLater: Float = 0.985_663_2

  /// Takes the last 24 hours before the one of this number. O(24).
  mutating func take(_ history: borrowing UseHistory, before hour: Int64) {
    var (sum, slot) = (Float(0), 1)
    history.forEachHour(before: hour) { use in
      sum += max(0, use)
      sums[slot] = sum
      slot += 1
    }
  }

  var day: Float { sums[24] }

  /// What falls into the time up to a place.
  @inline(__always)
  func upTo(_ place: Place) -> Float {
    let sums = sums.span
    let below = sums[place.hour]
    return below + (sums[place.hour + 1] - below) * place.share
  }

  /// A time of the 24 hours.
  struct Place {
    /// 0 to 23.
    let hour: Int
    /// Of that hour, up to 1.
    let share: Float

    /// - Parameter minute: 0 to 1440.
    @inline(__always)
    init(minute: Float) {
      let hours = min(24, max(0, minute / 60))
      hour = min(23, Int(hours))
      share = hours - Float(hour)
    }
  }
}
