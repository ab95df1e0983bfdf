package import BudgetCore

/// Why a journal let go of its file.
package enum JournalFailure: Error, Hashable, Sendable, CustomStringConvertible {
  case disk(FileError)
  /// More waits to be written than may.
  case tooFarBehind

  /// The same for all files that failed alike.
  package var kind: String {
    switch self {
    case .disk(let error): "\(error.operation) \(error.code)"
    case .tooFarBehind: "too far behind"
    }
  }

  package var description: String {
    switch self {
    case .disk(let error): error.description
    case .tooFarBehind: "more than \(JournalBuffer.mostBytes >> 20) MiB wait to be written"
    }
  }
}

/// How a journal does.
package struct JournalStatus: Sendable {
  /// The number of the last act that is written, or was given up.
  package internal(set) var written: UInt64
  /// Why nothing is kept; `nil` when all is well. A new file ends it.
  package private(set) var failure: JournalFailure?
  /// The reason of the newest failure, over or not.
  package private(set) var lastFailure: JournalFailure?
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

  mutating func fail(_ reason: JournalFailure) {
    if failure == nil { failures += 1 }
    failure = reason
    lastFailure = reason
  }

  mutating func synced(in duration: Duration) {
    syncs += 1
    lastSync = Interval(duration)
  }
}
