import BudgetCore
import Glibc

@testable import Snapshots

/// A ledger that is kept as the sidecar keeps it: snapshots and a journal in one directory, without threads.
///
/// The k-th act uses 4^k tokens, so that a total tells which acts it has, and whether it has one twice.
final class StateScene {
  private let directory: TemporaryDirectory
  private let store: SnapshotStore
  private let journals: JournalDirectory
  private let journal: Journal
  private let box = LedgerBox(settings: StateScene.settings, seed: 1)
  private var newest: UInt64 = 0
  private var lastFailed = false

  private(set) var acts = 0
  /// How many acts were kept at some moment, as far as anybody was told.
  private(set) var kept = 0

  static let settings = LedgerSettings.single(.lifetime(idleExpiry: nil), limit: nil, per: [])

  init(in directory: TemporaryDirectory, files: any FileSystem, policy: Journal.SyncPolicy = .always)
    throws(StateDirectoryError)
  {
    self.directory = directory
    store = try SnapshotStore(directory: directory.path, fileSystem: files)
    journals = JournalDirectory(directory: directory.path, fileSystem: files)
    journal = Journal(directory: directory.path, fileSystem: files, policy: policy, sequence: 0)
    journal.cut()
    flush()
  }

  /// Whether it is said that a crash would lose nothing.
  var isDurable: Bool { journal.status.failure == nil && !lastFailed }

  /// Acts that are answered after they were written, or could not be.
  func act(times: Int = 1) {
    for _ in 0..<times {
      let spend = Spend(tokens: [TokenAmount(kind: .input, count: 1 << (2 * Int64(acts)))])
      let now = Moment.after(.seconds(Int64(acts)))
      _ = box.ledger.record(spend, tags: .empty, id: nil, duration: nil, now: now)
      box.ledger.sequence = journal.append(.record(spend, tags: .empty, id: nil, duration: nil), at: now)
      acts += 1
      flush()
    }
  }

  /// - Parameter cuts: whether the journal goes on in a new file, as a long one does.
  func snapshot(cuts: Bool = true) {
    if cuts || journal.status.failure != nil { journal.cut() }
    let capture = box.ledger.capture(now: .after(.seconds(Int64(acts))))
    let bytes = (try? SnapshotFile.encode(capture)) ?? []
    do throws(FileError) {
      _ = try store.save(bytes, at: capture.moment.wall)
      lastFailed = false
      let before = newest
      newest = capture.sequence
      try? journals.removeFiles(through: before, damaged: [])
    } catch {
      lastFailed = true
    }
    flush()
  }

  private func flush() {
    journal.flush()
    if isDurable { kept = acts }
  }

  /// What a start finds there.
  struct Found {
    var total: Quantity
    var source: String?
    /// Whatever an operator is told.
    var notices: [String]

    /// Whether each act is there as often as `digits` say: 0, 1, or more by mistake.
    var counts: [Int] {
      var left = total
      var counts: [Int] = []
      while left > 0 {
        counts.append(Int(left % 4))
        left /= 4
      }
      return counts
    }

    /// The sum of the first acts.
    static func sum(_ acts: Int) -> Quantity { (0..<acts).reduce(0) { $0 + (1 << (2 * Quantity($1))) } }
  }

  /// Starts over what is in the directory, with a disk that works. The scene that wrote it is gone by then.
  static func start(_ directory: TemporaryDirectory) throws -> Found {
    let store = try SnapshotStore(directory: directory.path)
    let loaded = store.load(at: noon) { (bytes) throws(SnapshotError) in
      try SnapshotFile.restore(bytes, settings: settings, seed: 2, now: nil)
    }
    var notices = loaded.notices.map { "\($0)" }
    let source = loaded.source
    let box: LedgerBox
    if let restored = loaded.take() { box = LedgerBox(restored) } else { box = LedgerBox(settings: settings, seed: 2) }
    let replay = JournalDirectory(directory: directory.path).replay(after: box.ledger.sequence, seed: 2) {
      content, now in
      if case .act(let act) = content { _ = box.ledger.replay(act, now: now) }
    }
    notices += replay.notices
    return Found(total: box.status("b", now: .after(.hours(1)))?.used ?? 0, source: source, notices: notices)
  }
}
