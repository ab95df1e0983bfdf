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
  let store: SnapshotStore?
  private let journals: JournalDirectory?
  private let journal = NIOLockedValueBox<Journal?>(nil)
  private let logger: Logger
  private let saving = NIOLockedValueBox<SaveThread?>(nil)
  private let watch = NIOLockedValueBox(StateWatch())
  let status = NIOLockedValueBox(Status())

  /// What the metrics tell of snapshots.
  struct Status {
    var lastSuccess: Instant?
    var lastDuration = Interval.zero
    var lastPause = Interval.zero
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
  private static let longestJournal = 16 << 20
  /// One of so many acts does too, however short they are: a start takes longer for them than for as many bytes of lines.
  private static let mostActs = 65_536
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
    let journal = Journal(
      directory: directory, policy: policy, sequence: recovered.replay.last, unsavedBytes: recovered.replay.bytes,
      unsavedActs: recovered.replay.acts)
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
    guard let journal = journal.withLockedValue({ $0 }) else { return false }
    let now = journal.status
    return now.failure != nil || now.fileBytes > Self.longestJournal || journal.actCount > Self.mostActs
      || status.withLockedValue { $0.lastFailed }
  }

  var journalStatus: JournalStatus? { journal.withLockedValue { $0?.status } }

  /// Whether a crash would lose nothing that was acknowledged.
  var isDurable: Bool {
    guard let journal = journal.withLockedValue({ $0 }) else { return false }
    let now = journal.status
    return now.failure == nil && !now.isHeldUp && !journal.hasGap && !status.withLockedValue { $0.lastFailed }
  }

  // MARK: Answers that wait

  /// Whether every act up to this one is kept, or cannot be; if not yet, `done` is called when it is.
  func isKept(through sequence: UInt64, _ durability: Durability, _ done: @escaping @Sendable () -> Void) -> Bool {
    guard let journal = journal.withLockedValue({ $0 }) else { return true }
    return switch durability {
    case .written: journal.whenSettled(sequence, done)
    case .strict: journal.whenDurable(sequence, done)
    }
  }

  /// Why nothing can be promised to be on the disk at the moment; `nil` when it can.
  var strictObstacle: String? {
    guard let now = journalStatus else { return "No state directory is in use: start with --state.dir." }
    if let failure = now.failure { return "The journal cannot be written: \(failure)." }
    return now.isHeldUp(for: .seconds(2)) ? "The disk does not answer." : nil
  }

  // MARK: Saving

  /// Starts the thread that writes snapshots: no disk holds up whoever asks for one.
  func start(_ ledger: SharedLedger) throws(StartError) {
    guard isKeeping else { return }
    do throws(ThreadError) {
      let thread = try SaveThread { [self] in save(ledger) }
      saving.withLockedValue { $0 = thread }
    } catch {
      throw StartError("No thread can be started: error \(error.code)")
    }
  }

  /// Asks for a snapshot and goes on.
  func saveSoon() { saving.withLockedValue { $0 }?.request() }

  /// Asks for a snapshot of now, and waits for it.
  /// - Returns: its size in bytes, or what went wrong. It may still be written when that is the time.
  func save(within limit: Duration) -> Result<Int, StartError> {
    guard let thread = saving.withLockedValue({ $0 }) else {
      return .failure(StartError("No state directory is in use: start with --state.dir."))
    }
    return thread.request(within: limit)
      ?? .failure(StartError("The disk did not take it within \(limit.components.seconds) seconds."))
  }

  /// The last snapshot, and the end of the journal: everything is kept, and the next start is told so. A disk that
  /// hangs does not keep the process from its end.
  func close() {
    guard isKeeping else { return }
    let saved = save(within: .seconds(5))
    guard case .success = saved else {
      logger.error("The last snapshot was not written: the next start needs the journal")
      if journalStatus?.isHeldUp(for: .seconds(1)) == false { journal.withLockedValue { $0 }?.stop() }
      return
    }
    journal.withLockedValue { $0 }?.stop()
    store?.markClean()
  }

  /// Says what became of the disk since the last time. To be called once a second.
  func tellTroubles(at now: Instant) {
    guard let journal = journalStatus else { return }
    watch.withLockedValue { $0.look(at: journal, now: now, logger) }
  }

  /// Writes a snapshot. What goes wrong is logged and counted; the ledger goes on.
  private func save(_ ledger: SharedLedger) -> Result<Int, StartError> {
    guard let store else { return .failure(StartError("No state directory is in use: start with --state.dir.")) }
    let start = ContinuousClock.now
    let journal = journal.withLockedValue { $0 }
    let (capture, pause) = ledger.capture {
      let now = journal?.status
      if now?.failure != nil || (now?.fileBytes ?? 0) > Self.shortestJournal { journal?.cut() }
    }
    switch Self.write(capture, to: store) {
    case .success(let (size, notices)):
      journal?.saved(through: capture.sequence)
      note(notices)
      let took = Interval(ContinuousClock.now - start)
      status.withLockedValue { status in
        status.lastSuccess = capture.moment.wall
        status.lastDuration = took
        status.lastPause = pause
        status.lastSize = size
        status.successes += 1
        status.lastFailed = false
      }
      watch.withLockedValue { $0.saved(logger) }
      removeJournals(newest: capture.sequence)
      return .success(size)
    case .failure(let error):
      status.withLockedValue { status in
        status.failures += 1
        status.lastFailed = true
      }
      watch.withLockedValue { $0.failed(error, now: capture.moment.steady, logger) }
      return .failure(error)
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
    let capture = ledger.capture().capture.redacted()
    switch form {
    case .binary: return (try? SnapshotFile.encode(capture)) ?? []
    case .json: return SnapshotDocument.json(capture)
    }
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
