import BudgetCore
import Glibc
import Testing

@testable import Snapshots

@Suite("Another snapshot in the place of the state")
struct ReplacementTests {
  private static let there = ["journal-0000000000000001", "snapshot", "snapshot.previous"]

  private static func filled() -> TemporaryDirectory {
    let directory = TemporaryDirectory()
    for name in there { directory.write(Array(name.utf8), to: name) }
    directory.write([1], to: "snapshot.corrupt-17")
    return directory
  }

  private static func clean(_ aside: String?) {
    guard let aside else { return }
    for name in there { unlink("\(aside)/\(name)") }
    rmdir(aside)
  }

  @Test("what was there moves aside as it was, with the journals")
  func replaces() throws {
    let directory = Self.filled()
    let store = try SnapshotStore(directory: directory.path)
    let replacement = try store.replace(with: [7, 8, 9], at: noon)
    defer { Self.clean(replacement.setAside) }
    #expect(replacement.moved == Self.there)
    #expect(directory.read("snapshot") == [7, 8, 9])
    #expect(directory.names == ["before-restore-\(noon.seconds)", "lock", "snapshot", "snapshot.corrupt-17"])
    let aside = try #require(replacement.setAside)
    for name in Self.there {
      #expect(try LinuxFileSystem().read("\(aside)/\(name)", limit: 100) == Array(name.utf8))
    }
  }

  @Test("an empty directory gets the snapshot and nothing else")
  func empty() throws {
    let directory = TemporaryDirectory()
    let store = try SnapshotStore(directory: directory.path)
    let replacement = try store.replace(with: [7], at: noon)
    #expect(replacement.setAside == nil && replacement.moved.isEmpty)
    #expect(directory.names == ["lock", "snapshot"])
  }

  @Test("a disk that fails once, wherever, leaves the old state or the new one and loses no file")
  func failing() throws {
    var failing = 0
    while true {
      failing += 1
      let directory = Self.filled()
      let files = FailingFileSystem(failing: failing)
      guard let store = try? SnapshotStore(directory: directory.path, fileSystem: files) else { continue }
      let aside = "\(directory.path)/before-restore-\(noon.seconds)"
      defer { Self.clean(aside) }
      let replaced = (try? store.replace(with: [7], at: noon)) != nil
      if directory.read("snapshot") == [7] {
        #expect((try? LinuxFileSystem().names(in: aside))?.sorted() == Self.there, "operation \(failing)")
      } else {
        #expect(!replaced)
        for name in Self.there { #expect(directory.read(name) == Array(name.utf8), "operation \(failing)") }
      }
      if files.operations < failing { break }
    }
    #expect(failing > 8)
  }

  @Test("who only tried something leaves the directory as clean, or as unclean, as it was", arguments: [true, false])
  func untouched(wasClean: Bool) throws {
    let directory = TemporaryDirectory()
    if !wasClean { directory.write(Array("1".utf8), to: "lock") }
    do {
      let store = try SnapshotStore(directory: directory.path)
      #expect(store.wasLeftUnclean == !wasClean)
      store.markUntouched()
    }
    #expect(try SnapshotStore(directory: directory.path).wasLeftUnclean == !wasClean)
  }
}
