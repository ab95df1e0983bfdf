import BudgetCore
import Ingestion
import Logging
import Snapshots

/// Tells the log of a disk that does not keep the state, and of its recovery: each kind of failure at most once in ten
/// seconds.
struct StateWatch {
  private var throttle = LogThrottle<String>()
  private var journalFailures: Int64 = 0
  private var journalIsDown = false
  private var snapshotIsDown = false

  mutating func look(at journal: JournalStatus, now: Instant, _ logger: Logger) {
    if journal.failures > journalFailures {
      journalFailures = journal.failures
      journalIsDown = true
      if let reason = journal.lastFailure,
        let withheld = throttle.admit("journal: \(reason.kind)", now: now.nanoseconds)
      {
        logger.error(
          "The journal cannot be written: what happens is kept with the next snapshot, and lost in a crash before it",
          metadata: ["error": "\(reason)", "withheld": "\(withheld)"])
      }
    }
    guard journalIsDown, journal.failure == nil else { return }
    journalIsDown = false
    logger.notice("The journal is written again")
  }

  mutating func failed(_ error: StartError, now: Instant, _ logger: Logger) {
    snapshotIsDown = true
    guard let withheld = throttle.admit("snapshot: \(error)", now: now.nanoseconds) else { return }
    logger.error(
      "The snapshot could not be written: the state is not durable",
      metadata: ["error": "\(error)", "withheld": "\(withheld)"])
  }

  mutating func saved(_ logger: Logger) {
    if snapshotIsDown { logger.notice("The state is kept again") }
    snapshotIsDown = false
  }
}
