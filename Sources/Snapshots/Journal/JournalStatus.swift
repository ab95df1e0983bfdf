package import BudgetCore

/// Why a journal let go of its file.
package enum JournalFailure: Error, Hashable, Sendable, CustomStringConvertible {
  case disk(FileError)
  /// More waits to be written than may.
  case tooFarBehind
  /// Snapshots have failed for so long that the journal since the last one is as long as it may be.
  case tooLong

  /// The same for all files that failed alike.
  package var kind: String {
    switch self {
    case .disk(let error): "\(error.operation) \(error.code)"
    case .tooFarBehind: "too far behind"
    case .tooLong: "too long"
    }
  }

  package var description: String {
    switch self {
    case .disk(let error): error.description
    case .tooFarBehind: "more than \(JournalBuffer.mostBytes >> 20) MiB wait to be written"
    case .tooLong:
      "\(Journal.mostUnsavedBytes >> 20) MiB or \(Journal.mostUnsavedActs) acts were written since the last snapshot"
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
  /// What older files hold of acts that no snapshot has.
  private var olderBytes: Int64
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

  init(written: UInt64, unsavedBytes: Int64) {
    self.written = written
    olderBytes = unsavedBytes
  }

  /// What a start now would have to do again, and a little more: the current file may have begun before the newest
  /// snapshot.
  package var unsavedBytes: Int64 { olderBytes.saturatingAdd(fileBytes) }

  /// A snapshot has everything that older files hold.
  mutating func saved() { olderBytes = 0 }

  mutating func startFile(_ length: Int) {
    failure = nil
    leaveFile()
    wrote(length)
  }

  private mutating func leaveFile() {
    olderBytes = olderBytes.saturatingAdd(fileBytes)
    fileBytes = 0
  }

  mutating func wrote(_ count: Int) {
    fileBytes += Int64(count)
    writtenBytes = writtenBytes.saturatingAdd(Int64(count))
  }

  mutating func fail(_ reason: JournalFailure) {
    if failure == nil { failures += 1 }
    leaveFile()
    failure = reason
    lastFailure = reason
  }

  mutating func synced(in duration: Duration) {
    syncs += 1
    lastSync = Interval(duration)
  }
}
