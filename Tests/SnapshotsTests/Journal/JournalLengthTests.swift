import BudgetCore
import Testing

@testable import Snapshots

@Suite("How long a journal gets")
struct JournalLengthTests {
  private let scene = JournalScene(policy: .never)
  private let batch = [UInt8](repeating: 1, count: 1 << 20)

  private func write(_ count: Int) {
    for _ in 0..<count {
      _ = batch.withUnsafeBytes { scene.journal.append(usage: $0, at: .after(.zero)) }
      scene.journal.flush()
    }
  }

  private var bytes: Int { scene.directory.names.reduce(0) { $0 + scene.directory.read($1).count } }

  @Test("while snapshots fail the journal stops at its bound and says so, and the next snapshot opens it again")
  func bound() {
    let most = Int(Journal.mostUnsavedBytes)
    scene.journal.cut()
    write(40)
    // The snapshot that goes with this file fails, and so do all that follow.
    scene.journal.cut()
    write(40)
    #expect(scene.journal.status.failure == .tooLong && scene.journal.hasGap)
    let full = bytes
    #expect(full > most && full < most + (2 << 20))
    scene.journal.cut()
    write(3)
    #expect(scene.journal.status.failure == .tooLong && scene.journal.status.failures == 1 && bytes == full)

    scene.journal.cut()
    scene.journal.flush()
    scene.journal.saved(through: 83)
    // It was closed when that snapshot was taken: the one after it finds it open.
    scene.journal.cut()
    scene.journal.flush()
    scene.journal.saved(through: 83)
    #expect(scene.journal.status.failure == nil && !scene.journal.hasGap)
    _ = scene.journal.append(.show, at: .after(.zero))
    scene.journal.flush()
    #expect(scene.replay(after: 83).replay.records == 1)
  }

  @Test("what a start has done again counts as long as no snapshot has it")
  func unsavedAtStart() {
    scene.journal.cut()
    for _ in 0..<10 { _ = scene.journal.append(.show, at: .after(.zero)) }
    scene.journal.flush()
    #expect(scene.replay().replay.bytes == Int64(bytes) && scene.replay(after: 10).replay.bytes == 0)
    let next = Journal(
      directory: scene.directory.path, policy: .never, sequence: 10, unsavedBytes: Journal.mostUnsavedBytes + 1)
    next.cut()
    next.flush()
    #expect(next.status.failure == .tooLong)
    next.saved(through: 10)
    next.cut()
    next.flush()
    #expect(next.status.failure == nil)
  }

  @Test("while snapshots fail it stops at its bound of acts too, whichever file or process wrote them")
  func boundOfActs() {
    let half = Journal.mostUnsavedActs / 2
    let journal = Journal(directory: scene.directory.path, policy: .never, sequence: 0, unsavedActs: half)
    journal.cut()
    for count in [half - 1, 1] {
      for _ in 0..<count { _ = journal.append(.show, at: .after(.zero)) }
      journal.flush()
      journal.cut()
    }
    #expect(journal.status.failure == nil)
    _ = journal.append(.show, at: .after(.zero))
    journal.flush()
    #expect(journal.status.failure == .tooLong)
    #expect("\(JournalFailure.tooLong)" == "64 MiB or 196608 acts were written since the last snapshot")
    journal.saved(through: UInt64(half))
    journal.cut()
    journal.flush()
    #expect(journal.status.failure == nil)
  }

  @Test("acts are counted from cut to cut, batches of lines are not")
  func acts() {
    scene.journal.cut()
    write(2)
    for _ in 0..<3 { _ = scene.journal.append(.show, at: .after(.zero)) }
    #expect(scene.journal.actCount == 3)
    scene.journal.cut()
    #expect(scene.journal.actCount == 0)
  }
}
