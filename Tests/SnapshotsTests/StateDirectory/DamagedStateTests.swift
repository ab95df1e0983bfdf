import BudgetCore
import Testing

@testable import Snapshots

@Suite("A damaged state directory")
struct DamagedStateTests {
  private static let acts = 9

  /// Two snapshots and the journals of both.
  private static func written() throws -> [String: [UInt8]] {
    let directory = TemporaryDirectory()
    do {
      let scene = try StateScene(in: directory, files: LinuxFileSystem())
      for _ in 0..<2 {
        scene.act(times: 3)
        scene.snapshot()
      }
      scene.act(times: 3)
    }
    var files: [String: [UInt8]] = [:]
    for name in directory.names where name != SnapshotStore.lockName { files[name] = directory.read(name) }
    return files
  }

  private static func start(_ files: [String: [UInt8]]) throws -> StateScene.Found {
    let directory = TemporaryDirectory()
    for (name, bytes) in files { directory.write(bytes, to: name) }
    return try StateScene.start(directory)
  }

  @Test("whole, it gives everything and says nothing; so it does from the snapshot before")
  func whole() throws {
    var files = try Self.written()
    #expect(
      files.keys.sorted() == ["journal-0000000000000004", "journal-0000000000000007", "snapshot", "snapshot.previous"])
    let found = try Self.start(files)
    #expect(found.total == StateScene.Found.sum(Self.acts) && found.notices.isEmpty)
    files["snapshot"] = nil
    let before = try Self.start(files)
    #expect(before.total == StateScene.Found.sum(Self.acts) && before.notices.isEmpty)
    #expect(before.source?.hasSuffix("previous") == true)
  }

  @Test("with a bit of any file flipped, the total is right, or something is said and nothing is there twice")
  func flipped() throws {
    let files = try Self.written()
    for (name, bytes) in files {
      // Every byte, and every place in one: the tests of each format flip every bit.
      for bit in stride(from: 0, to: bytes.count * 8, by: 7) {
        var damaged = files
        damaged[name]![bit / 8] ^= 1 << (bit % 8)
        let found = try Self.start(damaged)
        #expect(found.counts.allSatisfy { $0 <= 1 }, "bit \(bit) of \(name)")
        #expect(found.total == StateScene.Found.sum(Self.acts) || !found.notices.isEmpty, "bit \(bit) of \(name)")
        // The snapshot before and both journals make up for the newest snapshot.
        if name == "snapshot" { #expect(found.total == StateScene.Found.sum(Self.acts), "bit \(bit)") }
      }
    }
  }

  @Test("with any file cut off at any length, the total is right, or something is said and nothing is there twice")
  func truncated() throws {
    let files = try Self.written()
    let last = try #require(files.keys.filter { $0.hasPrefix("journal-") }.max())
    var silent: [Int] = []
    for (name, bytes) in files {
      for length in 0..<bytes.count {
        var damaged = files
        damaged[name] = Array(bytes[..<length])
        let found = try Self.start(damaged)
        #expect(found.counts.allSatisfy { $0 <= 1 }, "\(length) bytes of \(name)")
        guard found.total != StateScene.Found.sum(Self.acts), found.notices.isEmpty else { continue }
        // Only between two records at the end of the last journal: a process that was killed there leaves the same.
        #expect(name == last, "\(length) bytes of \(name)")
        silent.append(length)
      }
    }
    #expect(silent.count == 3 && silent.first == JournalFormat.headerSize, "\(silent)")
  }
}
