import BudgetCore
import NIOConcurrencyHelpers
import Testing

@testable import Snapshots

@Suite("Waiting for the disk itself", .timeLimit(.minutes(1)))
struct StrictDurabilityTests {
  /// A journal with its threads, on a disk that the test holds.
  private final class Scene {
    let disk = GatedFileSystem()
    let scene: JournalScene
    private let answered = NIOLockedValueBox<[UInt64]>([])

    init(policy: Journal.SyncPolicy = .never, sequence: UInt64 = 0) throws {
      scene = JournalScene(files: disk, policy: policy, sequence: sequence)
      scene.journal.cut()
      scene.journal.flush()
      try scene.journal.start()
    }

    deinit {
      disk.refuse(false)
      disk.go()
      scene.journal.stop()
    }

    /// The acts that somebody was told are on the disk, in that order.
    var told: [UInt64] { answered.withLockedValue { $0 } }

    @discardableResult
    func act() -> UInt64 { scene.journal.append(.show, at: .after(.zero)) }

    func ask(for number: UInt64) {
      let told = { @Sendable [answered] in answered.withLockedValue { $0.append(number) } }
      if scene.journal.whenDurable(number, told) { told() }
    }

    func wait(until isDone: () -> Bool) async throws {
      while !isDone() { try await Task.sleep(for: .milliseconds(1)) }
    }
  }

  @Test("an act is on the disk before its caller is told, whatever the policy, and so is the name of a new file")
  func everyPolicy() async throws {
    for policy in [Journal.SyncPolicy.never, .interval(.hours(1)), .always] {
      let scene = try Scene(policy: policy)
      let number = scene.act()
      scene.ask(for: number)
      try await scene.wait { scene.told == [number] }
      #expect(scene.disk.syncs.data > 0 && scene.disk.syncs.whole == [scene.scene.directory.path], "\(policy)")
      // What is on the disk need not be waited for.
      let isDurable = scene.scene.journal.whenDurable(number) { Issue.record("called twice") }
      #expect(isDurable)
    }
  }

  @Test("without anybody who asks, the policy never syncs no file that is written to")
  func nobodyAsks() async throws {
    let scene = try Scene()
    scene.act()
    try await scene.wait { scene.scene.journal.status.written == 1 }
    try await Task.sleep(for: .milliseconds(50))
    #expect(scene.disk.syncs == GatedFileSystem.Syncs())
  }

  @Test("group commit: one sync serves all that wait for it, and nobody is told before it is over")
  func together() async throws {
    let scene = try Scene()
    scene.disk.hang()
    scene.ask(for: scene.act())
    try await scene.wait { scene.disk.waiting == 1 }
    let others = (0..<100).map { _ in scene.act() }
    for number in others { scene.ask(for: number) }
    try await scene.wait { scene.scene.journal.status.written == 101 }
    #expect(scene.told.isEmpty)
    scene.disk.go()
    try await scene.wait { scene.told.count == 101 }
    // One for the first caller and one for all who came meanwhile.
    #expect(scene.disk.syncs.data == 2)
  }

  @Test("after a sync that failed nobody is told, by no later sync either, until a snapshot is on the disk")
  func failed() async throws {
    let scene = try Scene()
    scene.disk.refuse(true)
    scene.ask(for: scene.act())
    try await scene.wait { scene.scene.journal.status.failure != nil }
    scene.disk.refuse(false)
    #expect(scene.told.isEmpty && scene.scene.journal.hasGap)
    // A new file, as a snapshot begins one, while the snapshot itself is not written yet.
    scene.scene.journal.cut()
    let later = scene.act()
    scene.ask(for: later)
    try await scene.wait { scene.scene.journal.status.failure == nil && scene.scene.journal.status.written == later }
    try await Task.sleep(for: .milliseconds(50))
    #expect(scene.told.isEmpty)
    scene.scene.journal.saved(through: 1)
    #expect(scene.told == [1] && !scene.scene.journal.hasGap)
    let last = scene.act()
    scene.ask(for: last)
    try await scene.wait { scene.told.sorted() == [1, later, last] }
  }

  @Test("what the process before left may not be on the disk: the first snapshot must be")
  func before() async throws {
    let scene = try Scene(sequence: 10)
    scene.ask(for: scene.act())
    try await scene.wait { scene.disk.syncs.data > 0 }
    try await Task.sleep(for: .milliseconds(20))
    #expect(scene.told.isEmpty)
    scene.scene.journal.saved(through: 11)
    #expect(scene.told == [11])
  }

  @Test("a disk that hangs is seen, and keeps no more than so many who wait")
  func hanging() async throws {
    let scene = try Scene()
    scene.disk.hang()
    for _ in 0..<(WaitingList.most + 10) { scene.ask(for: scene.act()) }
    try await scene.wait { scene.scene.journal.status.isHeldUp(for: .milliseconds(20)) }
    #expect(scene.told.isEmpty)
    scene.disk.go()
    try await scene.wait { scene.told.count == WaitingList.most }
  }
}
