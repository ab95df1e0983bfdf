import BudgetCore
import Glibc
import Snapshots
import Testing

@Suite("The state directory")
struct SnapshotStoreTests {
  private let directory = TemporaryDirectory()

  /// A whole snapshot whose only content is its sequence number.
  private static func snapshot(_ sequence: UInt64) throws -> [UInt8] {
    var ledger = Ledger(settings: LedgerSettings(), seed: 1)
    ledger.sequence = sequence
    return try SnapshotFile.encode(ledger.capture(now: Moment(noon)))
  }

  private static func sequence(_ bytes: [UInt8]) throws(SnapshotError) -> UInt64 {
    try SnapshotFile.restore(bytes, settings: LedgerSettings(), seed: 2, now: Moment(noon)).report.sequence
  }

  private func open(_ files: any FileSystem = LinuxFileSystem()) throws -> SnapshotStore {
    try SnapshotStore(directory: directory.path, fileSystem: files)
  }

  private func loaded(_ store: SnapshotStore) -> (sequence: UInt64?, notices: [StateNotice]) {
    let loaded = store.load(at: noon, Self.sequence)
    return (loaded.value, loaded.notices)
  }

  private func damage(_ name: String, at offset: Int = 70) throws -> [UInt8] {
    let path = "\(directory.path)/\(name)"
    let files = LinuxFileSystem()
    var bytes = try files.read(path, limit: 1 << 20)
    bytes[offset] ^= 0xFF
    try write(bytes, to: name)
    return bytes
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let path = "\(directory.path)/\(name)"
    let files = LinuxFileSystem()
    let descriptor = try files.create(path, keeping: false)
    defer { files.close(descriptor) }
    try files.writeAll(bytes, to: descriptor, path: path)
  }

  private func read(_ name: String) -> [UInt8]? {
    try? LinuxFileSystem().read("\(directory.path)/\(name)", limit: 1 << 20)
  }

  @Test("is made with its parents, for its owner alone")
  func makesDirectory() throws {
    let parent = "\(directory.path)/a"
    let path = "\(parent)/b"
    let store = try SnapshotStore(directory: path)
    try store.save(Self.snapshot(1), at: noon)
    var state = stat()
    for place in [parent, path] {
      try #require(stat(place, &state) == 0)
      #expect(state.st_mode & 0o777 == 0o700)
    }
    try #require(stat("\(path)/snapshot", &state) == 0)
    #expect(state.st_mode & 0o777 == 0o600)
    for name in ["snapshot", "lock"] { unlink("\(path)/\(name)") }
    rmdir(path)
    rmdir(parent)
  }

  @Test("gives back the newest snapshot and keeps the one before")
  func saves() throws {
    let store = try open()
    #expect(loaded(store).sequence == nil)
    for sequence in UInt64(1)...3 { try store.save(Self.snapshot(sequence), at: noon) }
    #expect(loaded(store).sequence == 3)
    #expect(loaded(store).notices.isEmpty)
    #expect(try read("snapshot.previous") == Self.snapshot(2))
    #expect(directory.names == ["lock", "snapshot", "snapshot.previous"])
  }

  @Test("sets a damaged snapshot aside, unchanged, and uses the one before")
  func damaged() throws {
    let store = try open()
    for sequence in UInt64(1)...2 { try store.save(Self.snapshot(sequence), at: noon) }
    let bytes = try damage("snapshot")
    let (sequence, notices) = loaded(store)
    #expect(sequence == 1)
    let name = "snapshot.corrupt-\(noon.seconds)"
    #expect(
      notices == [
        .setAside(
          path: "\(directory.path)/snapshot", .content(.checksumMismatch(.body)), as: name, kept: 1)
      ])
    #expect("\(notices[0])".contains("corrupt (checksum mismatch in the body): set aside as \(name)"))
    #expect(read(name) == bytes)
    // The next save does not lose the good one.
    try store.save(Self.snapshot(3), at: noon)
    #expect(try read("snapshot.previous") == Self.snapshot(1))
    #expect(loaded(store).sequence == 3)
  }

  @Test("keeps every damaged snapshot, also of the same second")
  func allDamaged() throws {
    let store = try open()
    for round in 0..<3 {
      for sequence in UInt64(1)...2 { try store.save(Self.snapshot(sequence), at: noon) }
      _ = try damage("snapshot", at: 70 + round)
      _ = try damage("snapshot.previous", at: 75 + round)
      let (sequence, notices) = loaded(store)
      #expect(sequence == nil)
      #expect(notices.count == 2)
    }
    #expect(directory.names.count { $0.hasPrefix("snapshot.corrupt-") } == 6)
  }

  @Test("keeps a later version's snapshot under a name that says so")
  func foreignVersion() throws {
    let store = try open()
    try store.save(Self.snapshot(1), at: noon)
    let (sequence, notices): (UInt64?, [StateNotice]) = {
      let loaded = store.load(at: noon) { (_) throws(SnapshotError) -> UInt64 in throw .unsupportedVersion(9, reads: 1)
      }
      return (loaded.value, loaded.notices)
    }()
    #expect(sequence == nil)
    #expect("\(notices)".contains("another version (format version 9, and this program reads version 1)"))
    #expect(directory.names.contains("snapshot.unsupported-\(noon.seconds)"))
  }

  @Test("uses the predecessor when a save was interrupted between two renames, and clears what it left")
  func interrupted() throws {
    try write(Self.snapshot(4), to: "snapshot.previous")
    try write([1, 2, 3], to: "snapshot.tmp")
    let store = try open()
    #expect(loaded(store).sequence == 4)
    #expect(directory.names == ["lock", "snapshot.previous"])
    try store.save(Self.snapshot(5), at: noon)
    #expect(try read("snapshot.previous") == Self.snapshot(4))
  }

  @Test("does not put a snapshot that was damaged since in the place of a good predecessor")
  func damagedBeforeSave() throws {
    let store = try open()
    for sequence in UInt64(1)...2 { try store.save(Self.snapshot(sequence), at: noon) }
    _ = try damage("snapshot")
    let notices = try store.save(Self.snapshot(3), at: noon)
    #expect(notices.count == 1)
    #expect(try read("snapshot.previous") == Self.snapshot(1))
    #expect(loaded(store).sequence == 3)
  }

  @Test("is for one process at a time")
  func lock() throws {
    var first: SnapshotStore? = try open()
    let error = #expect(throws: StateDirectoryError.self) { try SnapshotStore(directory: directory.path) }
    #expect(error == .inUse(directory: directory.path, process: getpid()))
    #expect("\(try #require(error))".contains("\(directory.path) is in use by another sidecar (process \(getpid()))"))
    try first?.save(Self.snapshot(1), at: noon)
    first = nil
    #expect(try loaded(open()).sequence == 1)
  }

  @Test("that is a file, or below one, is a sentence")
  func notADirectory() throws {
    try write([], to: "file")
    for path in ["\(directory.path)/file", "\(directory.path)/file/state"] {
      let error = #expect(throws: StateDirectoryError.self) { try SnapshotStore(directory: path) }
      #expect("\(try #require(error))".contains("Not a directory"))
      #expect("\(try #require(error))".contains(path))
    }
  }

  // MARK: Failing disks

  @Test(
    "has the old or the new snapshot after a save of which any operation failed",
    arguments: FailingFileSystem.Mode.allCases)
  func failingSave(mode: FailingFileSystem.Mode) throws {
    let setUp = FailingFileSystem()
    _ = try open(setUp)
    // A limit, so that a save that never succeeds ends.
    for step in 1...40 {
      for name in directory.names where name != "lock" { unlink("\(directory.path)/\(name)") }
      for sequence in UInt64(1)...2 { try open().save(Self.snapshot(sequence), at: noon) }
      let files = FailingFileSystem(failing: setUp.operations + step, mode: mode, longestWrite: 64)
      let newest = try Self.snapshot(3)
      var failure: FileError?
      do throws(FileError) {
        try SnapshotStoreTests.opened(directory.path, files).save(newest, at: noon)
      } catch {
        failure = error
      }
      if mode == .once { #expect(!directory.names.contains("snapshot.tmp") || failure == nil, "step \(step)") }
      let (sequence, notices) = try loaded(open())
      #expect(notices.isEmpty, "step \(step)")
      guard let failure else {
        #expect(sequence == 3)
        #expect(step > 8, "a save has more operations than that")
        return
      }
      #expect("\(failure)".contains("No space left on device"))
      #expect(sequence == 2 || sequence == 3, "step \(step)")
      // And the disk is well again.
      try open().save(Self.snapshot(4), at: noon)
      #expect(try loaded(open()).sequence == 4)
    }
    Issue.record("the save never succeeded")
  }

  private static func opened(_ path: String, _ files: any FileSystem) throws(FileError) -> SnapshotStore {
    do throws(StateDirectoryError) {
      return try SnapshotStore(directory: path, fileSystem: files)
    } catch {
      throw FileError(operation: "open", path: path, code: EIO)
    }
  }

  @Test("that cannot be opened is an error or is used, never a crash")
  func failingOpen() throws {
    try open().save(Self.snapshot(1), at: noon)
    for step in 1...12 {
      guard let store = try? open(FailingFileSystem(failing: step)) else { continue }
      #expect(loaded(store).sequence == 1, "step \(step)")
    }
  }
}
