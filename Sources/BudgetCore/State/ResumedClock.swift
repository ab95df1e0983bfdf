/// Reads times that were stored before a restart on the clocks of the process that came after it.
///
/// The time that passed is the least that either clock admits, and never negative: a wall clock that was set
/// forward or back while (or before) nobody ran neither empties a rolling window nor ends a hold. Stored
/// readings of the steady clock are moved by `shift`, so that they are as old as that.
struct ResumedClock {
  /// Clocks that disagree by less than this were read one after the other, not set.
  static let tolerance = Interval.seconds(1)

  let captured: Moment
  let now: Moment
  let shift: Interval

  init(captured: Moment, now: Moment) {
    self.captured = captured
    self.now = now
    let onSteady = now.steady - captured.steady
    let passed = max(.zero, min(now.wall - captured.wall, onSteady))
    let difference = Interval(nanoseconds: onSteady.nanoseconds.saturatingSubtract(passed.nanoseconds))
    shift = difference.nanoseconds.magnitude <= Self.tolerance.nanoseconds.magnitude ? .zero : difference
  }

  /// A stored reading of the steady clock, on the new one.
  func steady(_ stored: Instant) -> Instant { stored + shift }

  /// The same for something that has happened: not after now.
  func past(_ stored: Instant) -> Instant { min(steady(stored), now.steady) }

  /// The latest that the wall clock can have shown at a stored reading of the steady clock.
  func latestWall(at stored: Instant) -> Instant {
    max(captured.wall - (captured.steady - stored), stored)
  }

  /// The wall time of an instant on the new steady clock, as far as both agree now.
  func wall(at steady: Instant) -> Instant { now.wall - (now.steady - steady) }
}
