// A wall clock that is set moves the windows that follow the calendar, and neither renews a budget nor closes it.
//
// Which of the two times was wrong nobody knows. What was used was used within the time that really passed, so it
// goes along into the window of the new time. An account leaves its use behind only where its window ended by time
// that passed.
extension Ledger {
  /// Whether the wall clock seems to have been set since the last look: reason enough to read it again.
  @inline(__always)
  package func isClockStep(_ now: Moment) -> Bool { watch.isStep(now) }

  /// Looks at the clocks, before anything is done at `now`. O(1), and O(accounts + reservations) after a step.
  @inline(__always)
  package mutating func followClock(_ now: Moment) {
    if let step = watch.look(now) { follow(step, now: now) }
  }

  /// How often and how far the wall clock was set since the ledger was made.
  package var clockSteps: ClockWatch { watch }

  private mutating func follow(_ step: ClockWatch.Step, now: Moment) {
    post(.clockStep(ClockStep(length: step.length, at: now.wall)))
    var moved: [Int: MovedWindow] = [:]
    for index in 0..<accounts.limit where accounts.isOccupied(index) && accounts[index].axis == .wall {
      turnIfDue(index, now: step.untouched)
      let before = accounts[index].windowStart
      if moveWindow(index, step: step, now: now) {
        moved[index] = MovedWindow(serial: accounts[index].serial, from: before, to: accounts[index].windowStart)
      }
    }
    if !moved.isEmpty { reservations.moveMarks(moved) }
    pools.followStep(step, now: now)
  }

  /// Puts an account into the window of the new time, with its use.
  private mutating func moveWindow(_ index: Int, step: ClockWatch.Step, now: Moment) -> Bool {
    var there = accounts[index]
    Self.openWindow(of: &there, rule: settings.budgets[there.budget].window, now: now)
    guard there.windowStart != accounts[index].windowStart else { return false }
    let length = accounts[index].windowEnd - accounts[index].windowStart
    if step.isShort(forWindowOf: length), !accounts[index].isWindowOfStep { return false }
    there.isWindowOfStep = true
    accounts[index] = there
    return true
  }
}

extension ClockWatch.Step {
  /// Whether a window of this length that has just begun goes on after the step, though the clock shows the end of the
  /// one before again: it lasts at most half as long again, and no window is counted twice. One that began because the
  /// clock was wrong does not: with the clock it returns.
  func isShort(forWindowOf window: Interval) -> Bool {
    length < .zero
      && Interval(nanoseconds: Int64(clamping: length.nanoseconds.magnitude))
        < Interval(nanoseconds: window.nanoseconds / 2)
  }
}

/// The wall clock was set.
package struct ClockStep: Hashable, Sendable {
  /// Positive when it was set forward.
  package var length: Interval
  /// What it showed when that was noticed.
  package var at: Instant
}
