import Glibc
import Snapshots

/// The real file system until the n-th operation, which fails.
final class FailingFileSystem: RealFileSystem, @unchecked Sendable {
  enum Mode: CaseIterable {
    /// One operation fails and the next ones work: a disk that was full for a moment.
    case once
    /// Nothing works from then on: the process was killed there, or the disk is gone.
    case fromThenOn
  }

  let real = LinuxFileSystem()
  private let failing: Int
  private let mode: Mode
  private let longestWrite: Int
  private(set) var operations = 0

  /// - Parameter failing: the operation that fails, counted from 1; 0 for none.
  init(failing: Int = 0, mode: Mode = .once, longestWrite: Int = .max) {
    self.failing = failing
    self.mode = mode
    self.longestWrite = longestWrite
  }

  private func step(_ operation: String, _ path: String) throws(FileError) {
    operations += 1
    guard failing > 0, mode == .once ? operations == failing : operations >= failing else { return }
    throw FileError(operation: operation, path: path, code: ENOSPC)
  }

  func makeDirectory(_ path: String) throws(FileError) {
    try step("create the directory", path)
    try real.makeDirectory(path)
  }

  func names(in directory: String) throws(FileError) -> [String] {
    try step("list", directory)
    return try real.names(in: directory)
  }

  func create(_ path: String, keeping: Bool) throws(FileError) -> Int32 {
    try step("create", path)
    return try real.create(path, keeping: keeping)
  }

  func openForReading(_ path: String) throws(FileError) -> Int32 {
    try step("open", path)
    return try real.openForReading(path)
  }

  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int {
    let length = min(longestWrite, bytes.count)
    do throws(FileError) {
      try step("write", path)
    } catch {
      // A nearly full disk takes a part before it refuses.
      _ = try? real.write(UnsafeRawBufferPointer(rebasing: bytes[..<(length / 2)]), to: descriptor, path: path)
      throw error
    }
    return try real.write(UnsafeRawBufferPointer(rebasing: bytes[..<length]), to: descriptor, path: path)
  }

  func truncate(_ descriptor: Int32, path: String) throws(FileError) {
    try step("truncate", path)
    try real.truncate(descriptor, path: path)
  }

  func sync(_ descriptor: Int32, path: String) throws(FileError) {
    try step("sync", path)
    try real.sync(descriptor, path: path)
  }

  func syncData(_ descriptor: Int32, path: String) throws(FileError) {
    try step("sync", path)
    try real.syncData(descriptor, path: path)
  }

  func lock(_ descriptor: Int32, path: String) throws(FileError) -> Bool {
    try step("lock", path)
    return try real.lock(descriptor, path: path)
  }

  func rename(_ path: String, to newPath: String) throws(FileError) {
    try step("rename", path)
    try real.rename(path, to: newPath)
  }

  func remove(_ path: String) throws(FileError) {
    try step("remove", path)
    try real.remove(path)
  }
}
