import BudgetCore
import Synchronization
import Testing

@testable import Snapshots

@Suite("Journal")
struct JournalTests {
  @Test("every kind of act and lines come back as they were, in order, with their moments")
  func roundTrip() {
    let scene = JournalScene()
    scene.journal.cut()
    var expected: [Replayed] = []
    for (index, act) in SampleActs.all.enumerated() {
      let now = Moment(wall: noon + .seconds(Int64(index)), steady: noon - .seconds(Int64(index)))
      #expect(scene.journal.append(act, at: now) == UInt64(index) + 1)
      expected.append(.act(act, now))
    }
    scene.append(lines: "tokens:1|c", "tokens:2|c\ntokens:3|c", at: .after(.seconds(1)))
    scene.append(lines: #"{"tokens": 5}"#, acceptsObjects: true)
    expected += [
      .lines("tokens:1|c\ntokens:2|c\ntokens:3|c", acceptsObjects: false, .after(.seconds(1))),
      .lines(#"{"tokens": 5}"#, acceptsObjects: true, .after(.zero)),
    ]
    scene.journal.flush()
    let (replay, content) = scene.replay()
    #expect(content == expected)
    #expect(replay.last == UInt64(expected.count) && replay.records == UInt64(expected.count))
    #expect(replay.tornTails == 0 && replay.notices.isEmpty && replay.missing == 0)
  }

  @Test("only what comes after the snapshot is done again, however often it is asked for")
  func idempotent() {
    let scene = JournalScene()
    scene.journal.cut()
    for _ in 0..<10 { _ = scene.journal.append(.show, at: .after(.zero)) }
    scene.journal.flush()
    #expect(scene.replay(after: 4).replay.records == 6)
    #expect(scene.replay(after: 10).replay.records == 0)
    #expect(scene.replay(after: 99).replay.last == 99)
  }

  @Test("a cut starts a file; files that two snapshots have made needless go, the others stay")
  func files() throws {
    let scene = JournalScene(sequence: 100)
    for _ in 0..<3 {
      scene.journal.cut()
      for _ in 0..<5 { _ = scene.journal.append(.show, at: .after(.zero)) }
      scene.journal.flush()
    }
    #expect(scene.directory.names.count == 3)
    #expect(scene.replay(after: 100).replay.records == 15)
    let directory = JournalDirectory(directory: scene.directory.path)
    try directory.removeFiles(through: 104, damaged: [])
    #expect(scene.directory.names.count == 3)
    try directory.removeFiles(through: 105, damaged: [])
    #expect(scene.directory.names.count == 2)
    #expect(scene.replay(after: 105).replay.records == 10)
    try directory.removeFiles(through: 115, damaged: [])
    #expect(scene.directory.names.count == 1)
  }

  @Test("a gap between files is counted, and what comes after it is done all the same")
  func gap() {
    let scene = JournalScene()
    scene.journal.cut()
    _ = scene.journal.append(.show, at: .after(.zero))
    scene.journal.flush()
    let later = Journal(directory: scene.directory.path, policy: .never, sequence: 10)
    later.cut()
    _ = later.append(.show, at: .after(.zero))
    later.flush()
    let (replay, _) = scene.replay()
    #expect(replay.records == 2 && replay.missing == 9 && replay.last == 11)
    #expect(replay.notices == ["9 acts are in no journal: what they used was lost"])
  }

  @Test("with its threads: who waits is called when the act is written, and not before", .timeLimit(.minutes(1)))
  func waiting() async throws {
    let scene = JournalScene(policy: .interval(.milliseconds(20)))
    scene.journal.cut()
    try scene.journal.start()
    defer { scene.journal.stop() }
    for _ in 0..<200 {
      let number = scene.journal.append(.show, at: .after(.zero))
      await withCheckedContinuation { continuation in
        if scene.journal.whenSettled(number, { continuation.resume() }) { continuation.resume() }
      }
      #expect(scene.journal.status.written >= number)
    }
    #expect(scene.replay().replay.records == 200)
  }

  @Test("what nobody waits for is written within a moment", .timeLimit(.minutes(1)))
  func unwaited() async throws {
    let scene = JournalScene(policy: .never)
    scene.journal.cut()
    try scene.journal.start()
    defer { scene.journal.stop() }
    _ = scene.journal.append(.show, at: .after(.zero))
    while scene.journal.status.written < 1 { try await Task.sleep(for: .milliseconds(1)) }
    #expect(scene.replay().replay.records == 1)
  }

  @Test("stopping writes what waits")
  func stopping() throws {
    let scene = JournalScene(policy: .interval(.seconds(100)))
    scene.journal.cut()
    try scene.journal.start()
    for _ in 0..<1000 { _ = scene.journal.append(.show, at: .after(.zero)) }
    scene.journal.stop()
    #expect(scene.replay().replay.records == 1000)
  }
}
