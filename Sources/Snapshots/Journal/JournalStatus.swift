package import BudgetCore

/// How a journal does.
package struct JournalStatus: Sendable {
  /// The number of the last act that is written, or was given up.
  package internal(set) var written: UInt64
  /// Why nothing is kept; `nil` when all is well. A new file ends it.
  package private(set) var failure: String?
  /// Length of the file that is written to, in bytes.
  package private(set) var fileBytes: Int64 = 0
  package private(set) var writtenBytes: Int64 = 0
  package private(set) var failures: Int64 = 0
  package private(set) var syncs: Int64 = 0
  package private(set) var lastSync = Interval.zero
  /// When the write that is under way began.
  var writingSince: ContinuousClock.Instant?
  /// When the sync that is under way began.
  var syncingSince: ContinuousClock.Instant?

  /// Whether a disk holds up the write that is under way.
  package var isHeldUp: Bool { writingSince.map { ContinuousClock.now - $0 > .milliseconds(200) } ?? false }

  /// Whether a write or a sync has been under way for longer than this.
  package func isHeldUp(for length: Duration) -> Bool {
    [writingSince, syncingSince].contains { $0.map { ContinuousClock.now - $0 > length } ?? false }
  }

  init(written: UInt64) { self.written = written }

  mutating func startFile(_ length: Int) {
    failure = nil
    fileBytes = 0
    wrote(length)
  }

  mutating func wrote(_ count: Int) {
    fileBytes += Int64(count)
    writtenBytes = writtenBytes.saturatingAdd(Int64(count))
  }

  mutating func fail(_ reason: String) {
    if failure == nil { failures += 1 }
    failure = reason
  }

  mutating func synced(in duration: Duration) {
    syncs += 1
    lastSync = Interval(duration)
  }
}
