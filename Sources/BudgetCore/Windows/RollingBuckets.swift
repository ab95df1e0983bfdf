/// The arithmetic of rolling windows: 60 buckets of a sixtieth of the window, and one that fills.
///
/// With 61 buckets the kept time is never shorter than the window: used is what fell in the last window
/// plus at most one bucket's worth of older use.
enum RollingBuckets {
  static let count = 61

  /// Nanoseconds in a bucket, rounded up.
  static func width(of window: Interval) -> Int64 { max(1, (window.nanoseconds.saturatingAdd(59)) / 60) }

  static func number(at steady: Instant, width: Int64) -> Int64 {
    // Floor division: bucket numbers must grow through the epoch too.
    let quotient = steady.nanoseconds / width
    return steady.nanoseconds % width < 0 ? quotient - 1 : quotient
  }

  static func place(_ number: Int64) -> Int {
    let remainder = number % Int64(count)
    return Int(remainder < 0 ? remainder + Int64(count) : remainder)
  }
}
