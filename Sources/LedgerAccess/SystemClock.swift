package import BudgetCore
import Glibc

/// The system's clocks as the ledger wants them.
///
/// The steady clock is the one since the machine's start, which goes on while the machine sleeps, moved so that it
/// agreed with the wall clock when the process started: its readings stay comparable across restarts, and a step of
/// the wall clock does not touch them.
package struct SystemClock: Sendable {
  private let offset: Int64

  package init() { offset = Self.read(CLOCK_REALTIME) - Self.read(CLOCK_BOOTTIME) }

  package func now() -> Moment {
    Moment(
      wall: Instant(nanoseconds: Self.read(CLOCK_REALTIME)),
      steady: Instant(nanoseconds: Self.read(CLOCK_BOOTTIME) + offset))
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
