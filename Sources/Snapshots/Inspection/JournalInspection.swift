package import BudgetCore

/// What one journal file holds, read record by record without doing anything again.
package struct JournalInspection: Sendable {
  package enum End: Hashable, Sendable {
    case complete
    /// The last record is not all there, as a crash leaves it. The offset is in bytes.
    case torn(at: Int64)
    case damaged(at: Int64, SnapshotError)
  }

  /// The number of the first record; `nil` when the header was never whole.
  package let first: UInt64?
  package let records: UInt64
  package let end: End
  /// Records by kind.
  package let kinds: [String: Int]
  /// The moments of the first and the last record, on the wall clock.
  package let began: Instant?
  package let ended: Instant?

  /// The number of the last whole record.
  package var last: UInt64? { first.flatMap { records == 0 ? nil : $0 &+ (records - 1) } }

  /// O(file); memory for one record.
  package init(path: String, fileSystem: any FileSystem = LinuxFileSystem()) throws(FileError) {
    var (kinds, began, ended): ([String: Int], Instant?, Instant?) = ([:], nil, nil)
    let reading = try JournalReader.read(path, seed: 0, files: fileSystem) { _, now, content in
      kinds[content.kindName, default: 0] += 1
      began = began ?? now.wall
      ended = now.wall
    }
    (self.kinds, self.began, self.ended) = (kinds, began, ended)
    first = reading.first
    records = reading.records
    end =
      switch reading.end {
      case .complete: .complete
      case .torn(let at): .torn(at: at)
      case .bad(let at, let error): .damaged(at: at, error)
      }
  }
}

extension JournalContent {
  fileprivate var kindName: String {
    switch self {
    case .usage: "lines"
    case .act(let act): act.kindName
    }
  }
}

extension LedgerAct {
  fileprivate var kindName: String {
    switch self {
    case .record: "usage"
    case .reserve(_, _, let granted): granted == nil ? "reserve_denied" : "reserve"
    case .settle: "settle"
    case .release: "release"
    case .topUp: "top_up"
    case .override: "override"
    case .removeOverride: "remove_override"
    case .reset: "reset"
    case .allocate: "allocate"
    case .use: "use_allocation"
    case .releaseAllocation: "release_allocation"
    case .topUpPool: "top_up_pool"
    case .stop: "stop"
    case .resume: "resume"
    case .declareJob: "declare_job"
    case .show: "counters_shown"
    }
  }
}
