/// A point in time: nanoseconds since 1970-01-01 00:00 UTC, without leap seconds.
///
/// Covers the years 1678 to 2262. Arithmetic saturates instead of trapping, so that no foreign
/// timestamp can end the process.
package struct Instant: Comparable, Hashable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package init(seconds: Int64) { self.init(nanoseconds: seconds.saturatingMultiply(1_000_000_000)) }

  package static let distantFuture = Instant(nanoseconds: .max)
  package static let distantPast = Instant(nanoseconds: .min)

  /// Whole seconds since the epoch, rounded down.
  package var seconds: Int64 {
    nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -((-(nanoseconds + 1)) / 1_000_000_000) - 1
  }

  package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  package static func + (left: Instant, right: Interval) -> Instant {
    Instant(nanoseconds: left.nanoseconds.saturatingAdd(right.nanoseconds))
  }

  package static func - (left: Instant, right: Interval) -> Instant {
    Instant(nanoseconds: left.nanoseconds.saturatingSubtract(right.nanoseconds))
  }

  package static func - (left: Instant, right: Instant) -> Interval {
    Interval(nanoseconds: left.nanoseconds.saturatingSubtract(right.nanoseconds))
  }
}

/// A length of time in nanoseconds.
package struct Interval: Comparable, Hashable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// In whole nanoseconds.
  package init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(nanoseconds: seconds.saturatingMultiply(1_000_000_000).saturatingAdd(attoseconds / 1_000_000_000))
  }

  package static func seconds(_ count: Int64) -> Interval {
    Interval(nanoseconds: count.saturatingMultiply(1_000_000_000))
  }

  package static func milliseconds(_ count: Int64) -> Interval {
    Interval(nanoseconds: count.saturatingMultiply(1_000_000))
  }

  package static func minutes(_ count: Int64) -> Interval { .seconds(count.saturatingMultiply(60)) }
  package static func hours(_ count: Int64) -> Interval { .seconds(count.saturatingMultiply(3600)) }
  package static func days(_ count: Int64) -> Interval { .seconds(count.saturatingMultiply(86_400)) }

  package static let zero = Interval(nanoseconds: 0)

  /// Seconds as a floating-point number, for display and exposition only.
  package var inSeconds: Double { Double(nanoseconds) / 1e9 }

  /// Whole seconds, rounded up: what a `Retry-After` header may say.
  package var secondsRoundedUp: Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return remainder > 0 ? quotient + 1 : quotient
  }

  package static func + (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: left.nanoseconds.saturatingAdd(right.nanoseconds))
  }

  package static func - (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: left.nanoseconds.saturatingSubtract(right.nanoseconds))
  }

  package static func < (left: Interval, right: Interval) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// One reading of both clocks.
///
/// `wall` is what a calendar shows and may be stepped; `steady` only moves forward. It is anchored at
/// the wall clock when the process starts, so that its values stay comparable across restarts.
/// Durations, rolling windows and deadlines use `steady`; calendar edges and exposition use `wall`.
package struct Moment: Hashable, Sendable {
  package var wall: Instant
  package var steady: Instant

  package init(wall: Instant, steady: Instant) {
    self.wall = wall
    self.steady = steady
  }

  /// Both clocks agree: for tests, simulations and replays.
  package init(_ instant: Instant) { self.init(wall: instant, steady: instant) }
}
