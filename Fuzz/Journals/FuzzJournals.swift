import BudgetCore
import FuzzLedger
import LedgerAccess
import Snapshots

/// Journal files: no bytes may trap, and what is replayed leads to a ledger that works and can be stored.
///
/// The first byte chooses: 0 for a file as it stands, else a file that is made of the records which follow, with
/// lengths and checksums that are right.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJournals(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
  let file = start[0] == 0 ? bytes : Records.file(bytes)
  var again = LedgerReplay(TrialLedger.make(), isWatched: false)
  var last = TrialLedger.start
  let journals = JournalDirectory(directory: "state", fileSystem: OneFile(content: file))
  let replay = journals.replay(after: 0, seed: TrialLedger.seed) { content, now in
    last = now
    switch content {
    case .act(let act): again.apply(act, at: now)
    case .usage(let lines): again.apply(lines, at: now)
    }
  }
  precondition(replay.notices.allSatisfy { !$0.isEmpty }, "a notice without a sentence")
  precondition(again.misplaced <= replay.records, "more went astray than there was")
  let faults = tryOut(again.finish(last: replay.last), from: last)
  if !faults.isEmpty { fatalError("\(faults)") }
  return 0
}

/// What a start does after the replay: the ledger moves to the clocks of now, and is stored.
private func tryOut(_ ledger: consuming Ledger, from then: Moment) -> [String] {
  var ledger = ledger
  var faults = Trial.use(&ledger, from: then)
  do throws(SnapshotError) {
    let restored = try SnapshotFile.reconfigure(
      ledger.capture(now: then), settings: TrialLedger.settings, seed: 1, now: TrialLedger.start)
    var moved = restored.take()
    faults += Trial.use(&moved, from: TrialLedger.start)
  } catch {
    faults.append("what was replayed cannot be stored: \(error)")
  }
  return faults
}
