/// What a time zone's clocks show: offsets from UTC over time.
///
/// Parsed from a TZif file (RFC 8536); reading the file is the caller's work.
package struct TimeZoneRules: Hashable, Sendable {
  package static let utc = TimeZoneRules()

  /// A stretch of time with one offset: `start ..< end` in seconds since the epoch.
  struct Stretch: Hashable, Sendable {
    /// `Int64.min` when nothing comes before.
    var start: Int64
    /// `Int64.max` when nothing follows.
    var end: Int64
    var offset: Int32
  }

  /// Instants reach from 1678 to 2262, ±9.3e9 seconds; everything here stays within ±2^40, where no sum overflows.
  static let farthest: Int64 = 1 << 40
  /// Clocks never differ from UTC by more than this (RFC 8536 allows almost 26 hours).
  static let largestOffset: Int64 = 93_600

  /// Seconds since the epoch, ascending, within ±`farthest`.
  private var transitions: [Int64]
  /// The offset from each transition on.
  private var offsets: [Int32]
  /// Before the first transition.
  private var firstOffset: Int32
  /// From the last transition on, or always when there is none. `nil`: the last offset stays.
  private var footer: RecurringRule?

  /// UTC: no transition ever.
  package init() {
    self.init(firstOffset: 0, transitions: [], offsets: [], footer: nil)
  }

  init(firstOffset: Int32, transitions: [Int64], offsets: [Int32], footer: RecurringRule?) {
    self.firstOffset = firstOffset
    self.transitions = transitions
    self.offsets = offsets
    self.footer = footer
  }

  /// Seconds that local time is ahead of UTC at an instant (seconds since the epoch). O(log transitions).
  package func offset(at seconds: Int64) -> Int32 { stretch(at: seconds).offset }

  /// The stretch around an instant. Neighbouring stretches may have the same offset. O(log transitions).
  func stretch(at seconds: Int64) -> Stretch {
    let seconds = min(max(seconds, -Self.farthest), Self.farthest)
    let following = firstTransition(after: seconds)
    if following < transitions.count {
      let start = following == 0 ? Int64.min : transitions[following - 1]
      return Stretch(
        start: start, end: transitions[following], offset: following == 0 ? firstOffset : offsets[following - 1])
    }
    let tableEnd = transitions.last ?? .min
    guard let footer else {
      return Stretch(start: tableEnd, end: .max, offset: offsets.last ?? firstOffset)
    }
    var stretch = footer.stretch(at: seconds)
    stretch.start = max(stretch.start, tableEnd)
    return stretch
  }

  /// The first instant at which local clocks show `local` (seconds since the epoch as if local time were UTC)
  /// or anything later.
  ///
  /// So a wall time that a gap leaves out is the first instant after the gap, and one that a fold repeats is its
  /// first occurrence. It never decreases as `local` grows: periods built on it neither overlap nor leave a hole.
  func firstInstant(showing local: Int64) -> Int64 {
    let local = min(max(local, -Self.farthest), Self.farthest)
    // Any earlier instant shows less than `local`; `largestOffset` later every clock has reached it.
    var candidate = local - Self.largestOffset
    while true {
      let stretch = stretch(at: candidate)
      let reached = max(candidate, local - Int64(stretch.offset))
      if reached < stretch.end { return reached }
      candidate = stretch.end
    }
  }

  /// The index of the first transition later than `seconds`.
  private func firstTransition(after seconds: Int64) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
