import BudgetCore
import Configuration
import LedgerAccess
import Logging
import Snapshots

/// The state as it was: the newest snapshot that can be used, and every act since then done again.
///
/// The snapshot comes back as of its own moment, the acts happen at theirs, and only then do the clocks of now count:
/// use lands in the windows that it fell in.
struct StateRecovery {
  let store: SnapshotStore
  let journals: JournalDirectory
  let settings: LedgerSettings
  let seed: UInt64
  let logger: Logger

  struct Outcome: ~Copyable {
    var ledger: Ledger
    /// The number of the last act in the snapshot that was used.
    var snapshotSequence: UInt64
    var setAside: Int
    var replay: JournalDirectory.Replay
  }

  func run(now: Moment) -> Outcome {
    let (settings, seed) = (settings, seed)
    // Nothing is to be done again after a clean stop: then the state comes to the clocks of now at once.
    var isComplete = false
    let loaded = store.load(at: now.wall) { (bytes) throws(SnapshotError) in
      isComplete = try !journals.mayHoldActs(after: SnapshotFile.sequence(of: bytes))
      return try SnapshotFile.restore(bytes, settings: settings, seed: seed, now: isComplete ? now : nil)
    }
    for notice in loaded.notices { logger.error("\(notice)") }
    let setAside = loaded.notices.count
    let source = loaded.source
    var sentences: [String] = []
    var moment: Moment?
    let restored: Ledger
    if let found = loaded.take() {
      sentences = found.report.sentences
      moment = found.report.captured
      restored = found.take()
    } else {
      restored = Ledger(settings: settings, seed: seed)
      isComplete = false
    }
    let snapshotSequence = restored.sequence

    var again = LedgerReplay(restored, isWatched: false)
    var replay = journals.replay(after: snapshotSequence, seed: seed) { content, now in
      moment = now
      again.apply(content, at: now)
    }
    journals.makeWay(after: &replay)
    for notice in replay.notices { logger.warning("\(notice)") }
    if again.misplaced > 0 {
      sentences.append("\(again.misplaced) reservations found no place: there is room for fewer than before")
    }
    var ledger = again.finish(last: replay.last)
    if let moment, !isComplete { ledger = resume(ledger, from: moment, at: now, &sentences) }
    if source != nil || replay.records > 0 {
      logger.info(
        "State restored",
        metadata: [
          "file": "\(source ?? "none")", "acts": "\(replay.records)", "series": "\(ledger.seriesCount)",
          "accounts": "\(ledger.accountCount)", "reservations": "\(ledger.openReservations)",
        ])
    }
    for sentence in sentences { logger.warning("\(sentence)") }
    return Outcome(ledger: ledger, snapshotSequence: snapshotSequence, setAside: setAside, replay: replay)
  }

  /// The ledger of then on the clocks of now.
  private func resume(_ ledger: consuming Ledger, from then: Moment, at now: Moment, _ sentences: inout [String])
    -> Ledger
  {
    do throws(SnapshotError) {
      let resumed = try SnapshotFile.reconfigure(
        ledger.capture(now: then), settings: settings, seed: seed, now: now)
      sentences += resumed.report.sentences
      return resumed.take()
    } catch {
      // What this program wrote a moment ago it can read: only a mistake in it comes here.
      logger.critical("BUG: the state could not be moved to the present: \(error)")
      return ledger
    }
  }
}
