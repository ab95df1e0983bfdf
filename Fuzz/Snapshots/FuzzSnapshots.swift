import BudgetCore
import FuzzLedger
import Snapshots

/// Snapshot files: no bytes may trap, and what is accepted is a ledger that works and can be stored again.
///
/// The first byte chooses: 0 for a file as it stands, else a file that is made of the sections which follow, with
/// lengths and checksums that are right.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSnapshots(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
  let file = start[0] == 0 ? bytes : Sections(bytes).sealed(isRedacted: start[0] & 2 != 0)
  for now in [nil, TrialLedger.start] {
    do throws(SnapshotError) {
      try tryOut(SnapshotFile.restore(file, settings: TrialLedger.settings, seed: TrialLedger.seed, now: now))
    } catch {
      precondition(!error.description.isEmpty, "an error without a sentence")
    }
  }
  return 0
}

private func tryOut(_ restored: consuming RestoredLedger) {
  precondition(restored.report.sentences.allSatisfy { !$0.isEmpty }, "a warning without a sentence")
  let moment = restored.report.captured
  var ledger = restored.take()
  var faults = Trial.use(&ledger, from: moment)
  do throws(SnapshotError) {
    let file = try SnapshotFile.encode(ledger.capture(now: moment))
    _ = try SnapshotFile.restore(file, settings: TrialLedger.settings, seed: 1, now: nil)
  } catch {
    faults.append("what was restored cannot be stored again: \(error)")
  }
  if !faults.isEmpty { fatalError("\(faults)") }
}
