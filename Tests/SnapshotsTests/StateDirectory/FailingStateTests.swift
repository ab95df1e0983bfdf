import BudgetCore
import Testing

@testable import Snapshots

@Suite("A state directory on a failing disk")
struct FailingStateTests {
  /// - Returns: how many operations it took, and what was said.
  private func live(in directory: TemporaryDirectory, failing: Int, mode: FailingFileSystem.Mode, always: Bool)
    -> (operations: Int, acts: Int, kept: Int, isDurable: Bool)?
  {
    let files = FailingFileSystem(failing: failing, mode: mode, longestWrite: 100)
    guard let scene = try? StateScene(in: directory, files: files, policy: always ? .always : .never) else {
      return nil
    }
    scene.act(times: 3)
    scene.snapshot()
    scene.act(times: 3)
    scene.snapshot(cuts: false)
    scene.act(times: 3)
    scene.snapshot()
    scene.act(times: 2)
    scene.snapshot()
    scene.act()
    // What the sidecar does once a second.
    if !scene.isDurable { scene.snapshot(cuts: false) }
    return (files.operations, scene.acts, scene.kept, scene.isDurable)
  }

  @Test(
    "whichever operation fails, once or from then on, every act that was said to be kept is there once, none twice",
    arguments: FailingFileSystem.Mode.allCases, [true, false])
  func failing(mode: FailingFileSystem.Mode, always: Bool) throws {
    let operations = try #require(live(in: TemporaryDirectory(), failing: 0, mode: .once, always: always)).operations
    #expect(operations > 60)
    for operation in 1...operations {
      let directory = TemporaryDirectory()
      guard let told = live(in: directory, failing: operation, mode: mode, always: always) else { continue }
      let counts = try StateScene.start(directory).counts
      #expect(counts.allSatisfy { $0 <= 1 }, "operation \(operation): an act is there twice in \(counts)")
      #expect(
        counts.prefix(told.kept).count == told.kept && counts.prefix(told.kept).allSatisfy { $0 == 1 },
        "operation \(operation): \(told.kept) acts were kept, and \(counts) are there")
      // One failure is over with the next snapshot, and everything is kept again.
      if mode == .once { #expect(told.isDurable && told.kept == told.acts, "operation \(operation)") }
    }
  }

  @Test("a disk that takes seconds for a write holds up neither an act nor who waits for one", .timeLimit(.minutes(1)))
  func slow() async throws {
    let disk = SlowFileSystem(seconds: 2)
    let scene = JournalScene(files: disk, policy: .never)
    scene.journal.cut()
    scene.journal.flush()
    try scene.journal.start()
    disk.isSlow = true
    _ = scene.journal.append(.show, at: .after(.zero))
    while !disk.isWriting { try await Task.sleep(for: .milliseconds(1)) }

    let start = ContinuousClock.now
    for _ in 0..<1000 { _ = scene.journal.append(.show, at: .after(.zero)) }
    let waited = await withCheckedContinuation { continuation in
      let isSettled = scene.journal.whenSettled(1001) { continuation.resume(returning: true) }
      let took = ContinuousClock.now - start
      #expect(disk.isWriting && took < .seconds(1), "\(took)")
      if isSettled { continuation.resume(returning: false) }
    }
    #expect(waited)
    #expect(scene.journal.status.written == 1001 && scene.journal.status.failure == nil)
    disk.isSlow = false
    scene.journal.stop()
    #expect(scene.replay().replay.records == 1001)
  }
}
