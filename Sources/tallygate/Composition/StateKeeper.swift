import BudgetCore
import Compression
import Configuration
import ControlServer
import Exposition
import LedgerAccess
import Logging
import NIOConcurrencyHelpers
import Snapshots

/// Loads the ledger at the start and keeps it on disk: on an interval, on demand, and at the end.
final class StateKeeper: Sendable {
  private let store: SnapshotStore?
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
  }

  private init(store: SnapshotStore?, logger: Logger) {
    self.store = store
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
    let keeper = StateKeeper(store: store, logger: logger)
    let loaded = store.load(at: now.wall) { (bytes) throws(SnapshotError) in
      try SnapshotFile.restore(bytes, settings: ledgerSettings, seed: seed, now: now)
    }
    keeper.note(loaded.notices)
    let source = loaded.source
    guard let restored = loaded.take() else {
      return OpenedState(keeper: keeper, ledger: Ledger(settings: ledgerSettings, seed: seed))
    }
    keeper.tell(restored.report, source: source ?? directory)
    return OpenedState(keeper: keeper, ledger: restored.take())
  }

  private func note(_ notices: [StateNotice]) {
    for notice in notices { logger.error("\(notice)") }
    status.withLockedValue { $0.setAside += Int64(notices.count) }
  }

  private func tell(_ report: RestoreReport, source: String) {
    logger.info(
      "State restored",
      metadata: [
        "file": "\(source)", "taken": "\(report.captured.wall.rfc3339)", "series": "\(report.series)",
        "accounts": "\(report.accounts)", "reservations": "\(report.openReservations)",
      ])
    for sentence in report.sentences { logger.warning("\(sentence)") }
  }

  /// Whether there is a directory to keep the state in.
  var isKeeping: Bool { store != nil }

  /// Writes a snapshot. What goes wrong is logged and counted; the ledger goes on.
  /// - Returns: its size in bytes, or what went wrong.
  @discardableResult
  func save(_ ledger: SharedLedger) -> Result<Int, StartError> {
    guard let store else { return .failure(StartError("No state directory is in use: start with --state.dir.")) }
    return saving.withLock {
      let start = ContinuousClock.now
      let capture = ledger.capture()
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
    var families: [MetricFamily] = [
      .gauge(
        "tallygate_state_durable", "1 when the last snapshot was written, 0 when a crash would lose more.",
        store != nil && !now.lastFailed ? 1 : 0),
      .counter("tallygate_snapshots", "Snapshots written.", now.successes),
      .counter("tallygate_snapshot_failures", "Snapshots that could not be written.", now.failures),
      .counter(
        "tallygate_snapshots_set_aside", "Snapshots that could not be used and were set aside.", now.setAside),
    ]
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

extension Interval {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(nanoseconds: seconds.saturatingMultiply(1_000_000_000).saturatingAdd(attoseconds / 1_000_000_000))
  }
}
