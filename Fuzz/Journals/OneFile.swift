import Glibc
import Snapshots
import Synchronization

/// A directory of one journal, in memory; nothing can be written there.
final class OneFile: FileSystem {
  private let content: [UInt8]
  private let position = Atomic<Int>(0)

  init(content: [UInt8]) { self.content = content }

  func names(in directory: String) throws(FileError) -> [String] { ["journal-0000000000000001"] }
  func openForReading(_ path: String) throws(FileError) -> Int32 { 0 }
  func close(_ descriptor: Int32) {}

  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String) throws(FileError) -> Int {
    let start = position.load(ordering: .relaxed)
    let piece = content[start..<min(content.count, start + buffer.count)]
    buffer.copyBytes(from: piece)
    position.store(piece.endIndex, ordering: .relaxed)
    return piece.count
  }

  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] { throw refused(path) }
  func makeDirectory(_ path: String) throws(FileError) { throw refused(path) }
  func create(_ path: String, keeping: Bool) throws(FileError) -> Int32 { throw refused(path) }
  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int {
    throw refused(path)
  }
  func truncate(_ descriptor: Int32, path: String) throws(FileError) { throw refused(path) }
  func sync(_ descriptor: Int32, path: String) throws(FileError) { throw refused(path) }
  func syncData(_ descriptor: Int32, path: String) throws(FileError) { throw refused(path) }
  func lock(_ descriptor: Int32, path: String) throws(FileError) -> Bool { throw refused(path) }
  func rename(_ path: String, to newPath: String) throws(FileError) { throw refused(path) }
  func remove(_ path: String) throws(FileError) { throw refused(path) }

  private func refused(_ path: String) -> FileError { FileError(operation: "change", path: path, code: EROFS) }
}
