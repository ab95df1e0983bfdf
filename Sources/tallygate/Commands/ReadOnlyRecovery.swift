import BudgetCore
import Glibc
import LedgerAccess
import Snapshots

/// The state that a start would find, without taking the directory and without changing a file in it.
struct ReadOnlyRecovery {
  let directory: String
  let settings: LedgerSettings

  /// The state at the moment of its last act, and what could not be taken over.
  /// - Parameter before: is shown the state before each act, with the act's moment, and once more at the last one's.
  func run(before: (inout Ledger, Moment) -> Void = { _, _ in }) -> (capture: LedgerCapture, warnings: [String]) {
    var warnings: [String] = []
    var moment = Moment(Instant(nanoseconds: 0))
    let restored = newest(&moment, &warnings)
    let sequence = restored.sequence
    var again = LedgerReplay(restored)
    let replay = JournalDirectory(directory: directory).replay(after: sequence, seed: Self.seed) { content, now in
      moment = now
      before(&again.ledger, now)
      again.apply(content, at: now)
    }
    before(&again.ledger, moment)
    warnings += replay.notices
    if again.misplaced > 0 { warnings.append("\(again.misplaced) reservations found no place") }
    var ledger = again.finish(last: replay.last)
    return (ledger.capture(now: moment), warnings)
  }

  /// The newest snapshot that can be used, as of its own moment; an empty ledger when there is none.
  private func newest(_ moment: inout Moment, _ warnings: inout [String]) -> Ledger {
    for path in ["\(directory)/snapshot", "\(directory)/snapshot.previous"] {
      guard let bytes = read(path, &warnings) else { continue }
      do throws(SnapshotError) {
        let restored = try SnapshotFile.restore(bytes, settings: settings, seed: Self.seed, now: nil)
        moment = restored.report.captured
        warnings += restored.report.sentences
        return restored.take()
      } catch {
        warnings.append("\(path): \(error)")
      }
    }
    return Ledger(settings: settings, seed: Self.seed)
  }

  /// Which rows collide is nobody's concern in a process this short.
  private static let seed: UInt64 = 0

  private func read(_ path: String, _ warnings: inout [String]) -> [UInt8]? {
    do throws(FileError) {
      return try LinuxFileSystem().read(path, limit: SnapshotStore.fileLimit)
    } catch {
      if error.code != ENOENT { warnings.append("\(error)") }
      return nil
    }
  }
}
