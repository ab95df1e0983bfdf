import BudgetCore
import LedgerAccess
import NIOConcurrencyHelpers

/// Takes the usage log as a journal does and keeps its length only: what writing costs is not the hot path's.
final class CountingJournal: ActJournal {
  private let bytes = NIOLockedValueBox<Int64>(0)

  var byteCount: Int64 { bytes.withLockedValue { $0 } }

  /// Never called: nothing is decided here.
  func append(_ act: LedgerAct, at now: Moment) -> UInt64 { 0 }

  func append(usage: UnsafeRawBufferPointer, at now: Moment) -> UInt64 {
    bytes.withLockedValue { $0 += Int64(usage.count) }
    return 0
  }

  func hurry() {}
}

/// A millisecond goes by from one step to the next: the same instructions at every run.
final class SteppingClock: Sendable {
  private let time = NIOLockedValueBox(Instant(seconds: 1_800_000_000))

  func next() -> Moment {
    time.withLockedValue { time in
      time = time + Interval(nanoseconds: 1_000_000)
      return Moment(time)
    }
  }
}
