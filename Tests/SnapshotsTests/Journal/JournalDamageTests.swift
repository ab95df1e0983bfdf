import BudgetCore
import Synchronization
import Testing

@testable import Snapshots

@Suite("Damaged journals and failing disks")
struct JournalDamageTests {
  private static func written() -> (bytes: [UInt8], name: String, ends: [Int]) {
    let scene = JournalScene()
    scene.journal.cut()
    scene.journal.flush()
    var ends = [Int(scene.journal.status.fileBytes)]
    for act in SampleActs.all.prefix(6) {
      _ = scene.journal.append(act, at: .after(.zero))
      scene.journal.flush()
      ends.append(Int(scene.journal.status.fileBytes))
    }
    let name = scene.directory.names[0]
    return (scene.directory.read(name), name, ends)
  }

  @Test("cut off at every length, a journal gives the records that are whole and says that it was cut")
  func truncated() {
    let (bytes, name, ends) = Self.written()
    for length in 0..<bytes.count {
      let directory = TemporaryDirectory()
      directory.write(Array(bytes[..<length]), to: name)
      let (replay, content) = JournalScene.replay(directory.path)
      #expect(content.count == max(0, ends.count { $0 <= length } - 1), "\(length) bytes")
      let isWhole = ends.contains(length)
      #expect(replay.tornTails == (isWhole ? 0 : 1), "\(length) bytes")
      #expect(replay.notices.isEmpty == isWhole)
      #expect(replay.damaged.isEmpty)
    }
  }

  @Test("with any bit flipped, a journal gives the records before it and says where it stopped")
  func flipped() {
    let (bytes, name, ends) = Self.written()
    for bit in 0..<(bytes.count * 8) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      let directory = TemporaryDirectory()
      directory.write(damaged, to: name)
      let (replay, content) = JournalScene.replay(directory.path)
      let before = max(0, ends.count { $0 <= bit / 8 } - 1)
      #expect(content.count == before, "bit \(bit)")
      #expect(replay.tornTails == 1, "bit \(bit)")
      #expect(content == Array(JournalScene.replay(directory.path).1))
    }
  }

  @Test("a damaged file keeps its content under another name when it is no longer needed")
  func setAside() throws {
    let (bytes, name, _) = Self.written()
    let directory = TemporaryDirectory()
    var damaged = bytes
    damaged[bytes.count - 1] ^= 1
    directory.write(damaged, to: name)
    let (replay, _) = JournalScene.replay(directory.path)
    #expect(replay.damaged == [name])
    let next = Journal(directory: directory.path, policy: .never, sequence: replay.last)
    next.cut()
    next.flush()
    try JournalDirectory(directory: directory.path).removeFiles(through: replay.last, damaged: replay.damaged)
    #expect(directory.names.sorted() == [name + ".corrupt", JournalFormat.name(first: replay.last + 1)].sorted())
    #expect(directory.read(name + ".corrupt") == damaged)
  }

  @Test("cut off at every sector and filled with zeros from there on, a journal is torn there, not damaged")
  func zeroed() {
    let (bytes, name, ends) = Self.written()
    let sector = 512
    // What a loss of power leaves: whole sectors, then zeros up to the length that the file was growing to.
    for kept in stride(from: 0, to: bytes.count, by: sector) {
      for grown in [sector, 3 * sector, (1 << 20) + sector] {
        let directory = TemporaryDirectory()
        directory.write(bytes[..<kept] + [UInt8](repeating: 0, count: grown), to: name)
        let (replay, content) = JournalScene.replay(directory.path)
        #expect(content.count == max(0, ends.count { $0 <= kept } - 1), "\(kept) bytes")
        #expect(replay.tornTails == 1 && replay.damaged.isEmpty, "\(kept) bytes, \(grown) of zeros")
      }
    }
    // Whole records with zeros behind them lose nothing.
    let directory = TemporaryDirectory()
    directory.write(bytes + [UInt8](repeating: 0, count: 4096), to: name)
    let (replay, content) = JournalScene.replay(directory.path)
    #expect(content.count == ends.count - 1 && replay.tornTails == 1 && replay.damaged.isEmpty)
  }

  @Test("zeros with something behind them, or too few to be a sector, are damage")
  func zeroedInside() {
    let (bytes, name, ends) = Self.written()
    let last = ends[ends.count - 2]
    for damaged in [
      bytes[..<last] + [UInt8](repeating: 0, count: 1024) + [1],
      bytes[..<(bytes.count - 3)] + [0, 0, 0],
    ] {
      let directory = TemporaryDirectory()
      directory.write(Array(damaged), to: name)
      #expect(JournalScene.replay(directory.path).0.damaged == [name])
    }
  }

  @Test("a damaged first record is set aside before the next journal, which has the same name, and never overwritten")
  func makesWay() throws {
    let (bytes, name, ends) = Self.written()
    let directory = TemporaryDirectory()
    var damaged = Array(bytes[..<ends[1]])
    damaged[ends[1] - 1] ^= 1
    for kept in [name + ".corrupt", name + ".corrupt-2"] {
      directory.write(damaged, to: name)
      let journals = JournalDirectory(directory: directory.path)
      var replay = journals.replay(after: 0, seed: 0) { _, _ in Issue.record("nothing can be read") }
      #expect(replay.last == 0 && replay.damaged == [name])
      journals.makeWay(after: &replay)
      #expect(replay.damaged.isEmpty && replay.notices.last?.hasSuffix("set aside as \(kept)") == true)
      let next = Journal(directory: directory.path, policy: .never, sequence: replay.last)
      next.cut()
      next.flush()
      #expect(directory.read(kept) == damaged)
      #expect(directory.read(name).count == JournalFormat.headerSize)
    }
  }

  @Test("a file of another version, and one that is no journal, end the reading of that file alone")
  func foreign() {
    let (bytes, name, _) = Self.written()
    for (place, problem) in [(0, "not a journal"), (8, "checksum mismatch in the header")] {
      let directory = TemporaryDirectory()
      var damaged = bytes
      damaged[place] ^= 1
      directory.write(damaged, to: name)
      let (replay, content) = JournalScene.replay(directory.path)
      #expect(content.isEmpty && replay.notices.count == 1 && replay.notices[0].contains(problem), "\(replay.notices)")
    }
  }

  @Test(
    "an operation that fails, whichever, loses the acts after it and none before; a cut starts anew", arguments: 1...12)
  func failing(operation: Int) {
    let files = FailingFileSystem(failing: operation, longestWrite: 100)
    let scene = JournalScene(files: files)
    scene.journal.cut()
    var settled: UInt64 = 0
    for act in SampleActs.all {
      let number = scene.journal.append(act, at: .after(.zero))
      scene.journal.flush()
      if scene.journal.status.failure == nil { settled = number }
      // Nobody waits for a disk that refuses.
      let isSettled = scene.journal.whenSettled(number) {}
      #expect(isSettled)
    }
    #expect(scene.journal.status.failure != nil || files.operations < operation)
    let found = scene.replay().replay.last
    // An act whose sync failed is written, though nobody was told that it is safe.
    #expect(found == settled || found == settled + 1)
    // A snapshot comes, and with it a new file.
    let after = UInt64(SampleActs.all.count)
    scene.journal.cut()
    _ = scene.journal.append(.show, at: .after(.zero))
    scene.journal.flush()
    #expect(scene.journal.status.failure == nil)
    #expect(scene.replay(after: after).replay.records == 1)
  }

  @Test("a disk that does not keep up is let go of, and memory stays bounded")
  func tooSlow() {
    let scene = JournalScene(policy: .never)
    scene.journal.cut()
    let tags = "id:" + String(repeating: "x", count: 1 << 20)
    for _ in 0..<40 { scene.append(usage: SampleUsage(1, tags: tags)) }
    scene.journal.flush()
    #expect(scene.journal.status.failure == .tooFarBehind)
    let isSettled = scene.journal.whenSettled(40) {}
    #expect(isSettled)
  }

  @Test("what waits for a writer that is held up stays bounded, however much happens meanwhile")
  func bounded() {
    var buffer = JournalBuffer(last: 0)
    buffer.cut()
    let record = [UInt8](repeating: 1, count: 1 << 20)
    for number in 1...100 {
      let last = buffer.append { $0.append(record) }
      #expect(last == UInt64(number))
    }
    #expect(buffer.isTooFull)
    #expect(buffer.records.bytes.count < JournalBuffer.mostBytes + (2 << 20))
  }
}
