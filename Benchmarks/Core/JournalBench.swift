import BudgetCore
import Glibc
import LedgerAccess
import Snapshots

/// What keeping lines in the journal adds to applying them: noting them, handing them over, writing them.
struct JournalBench {
  private let lines: AppliedLines

  init(workload: Workload) { lines = AppliedLines(workload: workload) }

  /// In nanoseconds a line, of all threads of the process.
  func costs(rounds: Int) throws -> [Figure] {
    let directory = try Self.temporaryDirectory()
    defer { Self.remove(directory) }
    let journal = Journal(directory: directory, policy: .never, sequence: 0)
    try journal.start()
    journal.cut()
    let kept = costs(rounds: rounds, journal: journal)
    let failures = journal.status.failures
    journal.stop()
    precondition(failures == 0, "the journal could not be written to \(directory)")
    let plain = costs(rounds: rounds, journal: nil)
    return [Figure("with_ns", kept.median), Figure("without_ns", plain.median)]
  }

  private func costs(rounds: Int, journal: Journal?) -> [Double] {
    var ledger = Ledger(settings: Workload.settings, seed: Workload.seed)
    ledger.log.isOn = journal != nil
    var now = Workload.start
    return (0...rounds).map { _ in
      let start = Clock.process.nanoseconds
      lines.forEachBatch { batch in
        now = now + Interval(nanoseconds: 200_000)
        ledger.apply(batch, now: Moment(now))
        if let journal { _ = journal.append(usage: ledger.log.take(), at: Moment(now)) }
      }
      return Double(Clock.process.nanoseconds - start) / Double(lines.count)
    }.dropFirst().map { $0 }
  }

  private struct NoDirectory: Error {}

  private static func temporaryDirectory() throws -> String {
    var template = Array("/tmp/corebench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw NoDirectory() }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func remove(_ directory: String) {
    guard let folder = opendir(directory) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      unlink("\(directory)/\(name)")
    }
    closedir(folder)
    rmdir(directory)
  }
}
