import Glibc
import Snapshots
import Synchronization

/// The real file system with writes that take as long as on a disk that is busy or far away.
final class SlowFileSystem: FileSystem {
  private let real = LinuxFileSystem()
  private let seconds: UInt32
  private let slow = Atomic<Bool>(false)
  private let writing = Atomic<Bool>(false)

  init(seconds: UInt32) { self.seconds = seconds }

  var isSlow: Bool {
    get { slow.load(ordering: .acquiring) }
    set { slow.store(newValue, ordering: .releasing) }
  }

  /// Whether somebody waits for a slow write.
  var isWriting: Bool { writing.load(ordering: .acquiring) }

  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int {
    if isSlow {
      writing.store(true, ordering: .releasing)
      sleep(seconds)
      writing.store(false, ordering: .releasing)
    }
    return try real.write(bytes, to: descriptor, path: path)
  }

  func makeDirectory(_ path: String) throws(FileError) { try real.makeDirectory(path) }
  func names(in directory: String) throws(FileError) -> [String] { try real.names(in: directory) }
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] { try real.read(path, limit: limit) }
  func create(_ path: String, keeping: Bool) throws(FileError) -> Int32 { try real.create(path, keeping: keeping) }
  func openForReading(_ path: String) throws(FileError) -> Int32 { try real.openForReading(path) }
  func truncate(_ descriptor: Int32, path: String) throws(FileError) { try real.truncate(descriptor, path: path) }
  func sync(_ descriptor: Int32, path: String) throws(FileError) { try real.sync(descriptor, path: path) }
  func syncData(_ descriptor: Int32, path: String) throws(FileError) { try real.syncData(descriptor, path: path) }
  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String) throws(FileError) -> Int {
    try real.read(descriptor, into: buffer, path: path)
  }
  func lock(_ descriptor: Int32, path: String) throws(FileError) -> Bool { try real.lock(descriptor, path: path) }
  func close(_ descriptor: Int32) { real.close(descriptor) }
  func rename(_ path: String, to newPath: String) throws(FileError) { try real.rename(path, to: newPath) }
  func remove(_ path: String) throws(FileError) { try real.remove(path) }
}
