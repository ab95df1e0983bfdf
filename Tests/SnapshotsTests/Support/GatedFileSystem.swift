import Glibc
import NIOConcurrencyHelpers
import Snapshots

/// The real file system with a disk that hangs, refuses and counts as the test says.
final class GatedFileSystem: FileSystem {
  struct Syncs: Equatable {
    var data = 0
    var whole: [String] = []
  }

  private let real = LinuxFileSystem()
  private let gate = ConditionLock(value: true)
  private let state = NIOLockedValueBox((syncs: Syncs(), refusing: false, waiting: 0))

  /// Syncs that were begun.
  var syncs: Syncs { state.withLockedValue { $0.syncs } }
  /// Syncs that wait for the gate.
  var waiting: Int { state.withLockedValue { $0.waiting } }
  func refuse(_ refusing: Bool) { state.withLockedValue { $0.refusing = refusing } }

  func hang() {
    gate.lock()
    gate.unlock(withValue: false)
  }

  func go() {
    gate.lock()
    gate.unlock(withValue: true)
  }

  private func pass(_ note: (inout Syncs) -> Void) throws(FileError) {
    let refusing = state.withLockedValue { state in
      note(&state.syncs)
      state.waiting += 1
      return state.refusing
    }
    gate.lock(whenValue: true)
    gate.unlock()
    state.withLockedValue { $0.waiting -= 1 }
    if refusing { throw FileError(operation: "sync", path: "disk", code: EIO) }
  }

  func syncData(_ descriptor: Int32, path: String) throws(FileError) {
    try pass { $0.data += 1 }
    try real.syncData(descriptor, path: path)
  }

  func sync(_ descriptor: Int32, path: String) throws(FileError) {
    try pass { $0.whole.append(path) }
    try real.sync(descriptor, path: path)
  }

  func makeDirectory(_ path: String) throws(FileError) { try real.makeDirectory(path) }
  func names(in directory: String) throws(FileError) -> [String] { try real.names(in: directory) }
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] { try real.read(path, limit: limit) }
  func create(_ path: String, keeping: Bool) throws(FileError) -> Int32 { try real.create(path, keeping: keeping) }
  func openForReading(_ path: String) throws(FileError) -> Int32 { try real.openForReading(path) }
  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int {
    try real.write(bytes, to: descriptor, path: path)
  }
  func truncate(_ descriptor: Int32, path: String) throws(FileError) { try real.truncate(descriptor, path: path) }
  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String) throws(FileError) -> Int {
    try real.read(descriptor, into: buffer, path: path)
  }
  func lock(_ descriptor: Int32, path: String) throws(FileError) -> Bool { try real.lock(descriptor, path: path) }
  func close(_ descriptor: Int32) { real.close(descriptor) }
  func rename(_ path: String, to newPath: String) throws(FileError) { try real.rename(path, to: newPath) }
  func remove(_ path: String) throws(FileError) { try real.remove(path) }
}
