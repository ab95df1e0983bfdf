/// Notices when the wall clock was set: when it moved otherwise than the steady one.
package struct ClockWatch: Sendable {
  /// Clocks that part by less were read one after the other, or moved by what no window notices.
  package static let tolerance = Interval.seconds(1)

  /// Times that the wall clock was set.
  package private(set) var steps: Int64 = 0
  /// By how much in all: positive when it was set forward.
  package private(set) var total = Interval.zero
  private var last: Moment?

  package init() {}

  /// By how much the wall clock was set since the last look, and what it would show now had nobody touched it.
  struct Step {
    var length: Interval
    var untouched: Moment
  }

  /// Whether the clocks parted since the last look.
  @inline(__always)
  func isStep(_ now: Moment) -> Bool {
    guard let last else { return false }
    let difference = (now.wall - last.wall).nanoseconds.saturatingSubtract((now.steady - last.steady).nanoseconds)
    return difference.magnitude >= Self.tolerance.nanoseconds.magnitude
  }

  /// Takes the moment of now for the last look; the step that lies before it, if there is one.
  ///
  /// A steady clock that goes back is another process's, in a journal that two of them wrote: nothing was set then.
  @inline(__always)
  mutating func look(_ now: Moment) -> Step? {
    guard isStep(now) else {
      last = now
      return nil
    }
    return step(to: now)
  }

  @inline(never)
  private mutating func step(to now: Moment) -> Step? {
    defer { last = now }
    guard let last, now.steady >= last.steady else { return nil }
    let length = (now.wall - last.wall) - (now.steady - last.steady)
    steps &+= 1
    total = total + length
    // Of a clock that was set back no more is known than that it had shown the last wall time.
    let untouched = max(last.wall, min(last.wall + (now.steady - last.steady), now.wall))
    return Step(length: length, untouched: Moment(wall: untouched, steady: now.steady))
  }
}
