import BudgetCore
import Compression
import Configuration
import ControlServer
import Exposition
import LedgerAccess
import Logging
import NIOConcurrencyHelpers
import Snapshots
import Threads

/// Loads the ledger at the start and keeps it on disk: on an interval, on demand, and at the end.
final class StateKeeper: Sendable {
  private let store: SnapshotStore?
  private let journals: JournalDirectory?
  private let journal = NIOLockedValueBox<Journal?>(nil)
  private let logger: Logger
  /// Saves do not overlap.
  private let saving = NIOLock()
  private let status = NIOLockedValueBox(Status())

  /// What the metrics tell of snapshots.
  private struct Status {
    var lastSuccess: Instant?
    var lastDuration = Interval.zero
    var lastSize = 0
    var successes: Int64 = 0
    var failures: Int64 = 0
    var setAside: Int64 = 0
    var lastFailed = false
    /// The number of the last act in the newest snapshot.
    var newest: UInt64 = 0
    var replay = JournalDirectory.Replay(last: 0)
  }

  /// A journal that has grown to this many bytes asks for a snapshot.
  private static let longestJournal = 64 << 20
  /// A journal shorter than this goes on in its file when a snapshot is taken.
  private static let shortestJournal = 64 << 10

  private init(store: SnapshotStore?, journals: JournalDirectory? = nil, logger: Logger) {
    self.store = store
    self.journals = journals
    self.logger = logger
  }

  /// Opens the state directory and reads the newest snapshot that can be used.
  ///
  /// A directory that another sidecar holds is an error. One that cannot be used (read-only, no permission) is
  /// said loudly and does without: counting and deciding must not depend on a disk.
  static func open(settings: RunSettings, now: Moment, logger: Logger) throws(StartError) -> OpenedState {
    let ledgerSettings = settings.loaded.configuration.ledger
    let seed = UInt64.random(in: .min ... .max)
    guard let directory = settings.stateDirectory else {
      return OpenedState(
        keeper: StateKeeper(store: nil, logger: logger), ledger: Ledger(settings: ledgerSettings, seed: seed))
    }
    let store: SnapshotStore
    do throws(StateDirectoryError) {
      store = try SnapshotStore(directory: directory)
    } catch {
      guard case .file = error else { throw StartError("--state.dir: \(error)") }
      logger.error(
        "The state directory cannot be used: what is counted from now on is lost at the end",
        metadata: ["directory": "\(directory)", "error": "\(error)"])
      return OpenedState(
        keeper: StateKeeper(store: nil, logger: logger), ledger: Ledger(settings: ledgerSettings, seed: seed))
    }
    let journals = JournalDirectory(directory: directory)
    let recovered = StateRecovery(
      store: store, journals: journals, settings: ledgerSettings, seed: seed, logger: logger
    ).run(now: now)
    let keeper = StateKeeper(store: store, journals: journals, logger: logger)
    try keeper.startJournal(recovered, directory: directory, policy: settings.syncPolicy)
    return OpenedState(keeper: keeper, ledger: recovered.ledger)
  }

  private func startJournal(_ recovered: borrowing StateRecovery.Outcome, directory: String, policy: Journal.SyncPolicy)
    throws(StartError)
  {
    let journal = Journal(directory: directory, policy: policy, sequence: recovered.replay.last)
    journal.cut()
    do throws(ThreadError) {
      try journal.start()
    } catch {
      throw StartError("No thread can be started: error \(error.code)")
    }
    self.journal.withLockedValue { $0 = journal }
    let (setAside, sequence, replay) = (recovered.setAside, recovered.snapshotSequence, recovered.replay)
    status.withLockedValue { status in
      status.setAside = Int64(setAside)
      status.newest = sequence
      status.replay = replay
    }
  }

  /// Whether there is a directory to keep the state in.
  var isKeeping: Bool { store != nil }

  /// What the ledger is to write its acts to.
  var actJournal: (any ActJournal)? { journal.withLockedValue { $0 } }

  /// Whether a snapshot is due whatever the interval: acts are not kept, or there are many.
  var needsSnapshot: Bool {
    guard store != nil else { return false }
    guard let journal = journal.withLockedValue({ $0?.status }) else { return false }
    return journal.failure != nil || journal.fileBytes > Self.longestJournal
      || status.withLockedValue { $0.lastFailed }
  }

  /// Whether every act up to this one is kept, or cannot be; if not yet, `done` is called when it is.
  func isKept(through sequence: UInt64, _ done: @escaping @Sendable () -> Void) -> Bool {
    journal.withLockedValue { $0 }?.whenSettled(sequence, done) ?? true
  }

  /// The last snapshot, and the end of the journal: everything is kept, and the next start is told so.
  func close(_ ledger: SharedLedger) {
    let saved = save(ledger)
    journal.withLockedValue { $0 }?.stop()
    if case .success = saved { store?.markClean() }
  }

  /// Writes a snapshot. What goes wrong is logged and counted; the ledger goes on.
  /// - Returns: its size in bytes, or what went wrong.
  @discardableResult
  func save(_ ledger: SharedLedger) -> Result<Int, StartError> {
    guard let store else { return .failure(StartError("No state directory is in use: start with --state.dir.")) }
    return saving.withLock {
      let start = ContinuousClock.now
      let journal = journal.withLockedValue { $0 }
      let capture = ledger.capture {
        let now = journal?.status
        if now?.failure != nil || (now?.fileBytes ?? 0) > Self.shortestJournal { journal?.cut() }
      }
      let result = Self.write(capture, to: store)
      let took = Interval(ContinuousClock.now - start)
      switch result {
      case .success(let (size, notices)):
        note(notices)
        status.withLockedValue { status in
          status.lastSuccess = capture.moment.wall
          status.lastDuration = took
          status.lastSize = size
          status.successes += 1
          if status.lastFailed { logger.notice("The state is kept again") }
          status.lastFailed = false
        }
        removeJournals(newest: capture.sequence)
        return .success(size)
      case .failure(let error):
        logger.error("The snapshot could not be written: the state is not durable", metadata: ["error": "\(error)"])
        status.withLockedValue { status in
          status.failures += 1
          status.lastFailed = true
        }
        return .failure(error)
      }
    }
  }

  private func note(_ notices: [StateNotice]) {
    for notice in notices { logger.error("\(notice)") }
    status.withLockedValue { $0.setAside += Int64(notices.count) }
  }

  /// Two snapshots are kept, and what happened since the older one.
  private func removeJournals(newest: UInt64) {
    let (before, damaged) = status.withLockedValue { status in
      defer { status.newest = newest }
      return (status.newest, status.replay.damaged)
    }
    do throws(FileError) {
      try journals?.removeFiles(through: before, damaged: damaged)
    } catch {
      logger.warning("An old journal could not be removed", metadata: ["error": "\(error)"])
    }
  }

  private static func write(_ capture: LedgerCapture, to store: SnapshotStore)
    -> Result<(size: Int, notices: [StateNotice]), StartError>
  {
    do {
      let bytes = try SnapshotFile.encode(capture)
      return .success((bytes.count, try store.save(bytes, at: capture.moment.wall)))
    } catch {
      return .failure(StartError("\(error)"))
    }
  }

  /// The ledger for `/snapshot`: without anything that would let its reader act.
  func document(_ form: WebRoutes.SnapshotForm, of ledger: SharedLedger) -> [UInt8] {
    let capture = ledger.capture().redacted()
    switch form {
    case .binary: return (try? SnapshotFile.encode(capture)) ?? []
    case .json: return SnapshotDocument.json(capture)
    }
  }

  func families() -> [MetricFamily] {
    let now = status.withLockedValue { $0 }
    let journal = journal.withLockedValue { $0?.status }
    var families: [MetricFamily] = [
      .gauge(
        "tallygate_state_durable", "1 when a crash would lose nothing that was acknowledged.",
        journal != nil && journal?.failure == nil && journal?.isHeldUp == false && !now.lastFailed ? 1 : 0),
      .gauge(
        "tallygate_previous_shutdown_unclean", "1 when the process before this one crashed or was killed.",
        store?.wasLeftUnclean == true ? 1 : 0),
      .gauge(
        "tallygate_journal_recovered_records", "Acts that were done again at the start.",
        Int64(clamping: now.replay.records)),
      .counter(
        "tallygate_journal_torn_tails", "Journals that were cut off, or damaged, when they were read.",
        Int64(now.replay.tornTails)),
      .counter("tallygate_snapshots", "Snapshots written.", now.successes),
      .counter("tallygate_snapshot_failures", "Snapshots that could not be written.", now.failures),
      .counter(
        "tallygate_snapshots_set_aside", "Snapshots that could not be used and were set aside.", now.setAside),
    ]
    if let journal {
      families += [
        .gauge("tallygate_journal_size_bytes", "Size of the journal that is written to.", journal.fileBytes),
        .counter("tallygate_journal_written_bytes", "Bytes written to journals.", journal.writtenBytes),
        .counter("tallygate_journal_failures", "Times that the disk refused or did not keep up.", journal.failures),
        .counter("tallygate_journal_syncs", "Times that the journal was forced to the disk.", journal.syncs),
        .gauge(
          "tallygate_journal_sync_duration_seconds", "How long the last of these took.",
          [MetricFamily.Sample(.double(journal.lastSync.inSeconds))]),
      ]
    }
    if let last = now.lastSuccess {
      families += [
        .gauge(
          "tallygate_snapshot_last_success_timestamp_seconds", "When the newest snapshot was taken.",
          [MetricFamily.Sample(.instant(last))]),
        .gauge(
          "tallygate_snapshot_duration_seconds", "How long the newest snapshot took to take and write.",
          [MetricFamily.Sample(.double(now.lastDuration.inSeconds))]),
        .gauge("tallygate_snapshot_size_bytes", "Size of the newest snapshot.", Int64(now.lastSize)),
      ]
    }
    return families
  }
}

/// What opening the state gave: the one who keeps it, and the ledger as it was.
struct OpenedState: ~Copyable {
  let keeper: StateKeeper
  private let ledger: Ledger

  init(keeper: StateKeeper, ledger: consuming Ledger) {
    self.keeper = keeper
    self.ledger = ledger
  }

  consuming func takeLedger() -> Ledger { ledger }
}
