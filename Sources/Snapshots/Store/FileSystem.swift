/// The file operations that the state on disk is made of, so that a test can fail any of them.
package protocol FileSystem: Sendable {
  /// Nothing happens when the directory is there.
  func makeDirectory(_ path: String) throws(FileError)
  func names(in directory: String) throws(FileError) -> [String]
  /// The content of a file of at most `limit` bytes.
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]
  /// Opens for writing: a new, empty file, or with `keeping` whatever is there.
  func create(_ path: String, keeping: Bool) throws(FileError) -> Int32
  /// Opens a directory, or a file on a disk that cannot be written to.
  func openForReading(_ path: String) throws(FileError) -> Int32
  /// Writes some of the bytes, at least one; answers how many.
  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int
  /// Empties an open file.
  func truncate(_ descriptor: Int32, path: String) throws(FileError)
  func sync(_ descriptor: Int32, path: String) throws(FileError)
  /// The same for a file's content and its size alone.
  func syncData(_ descriptor: Int32, path: String) throws(FileError)
  /// Fills the buffer from where the file was read to; less than its size only at the end of the file.
  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String) throws(FileError) -> Int
  /// Locks an open file for this process alone, without waiting; `false` when another has it.
  func lock(_ descriptor: Int32, path: String) throws(FileError) -> Bool
  func close(_ descriptor: Int32)
  func rename(_ path: String, to newPath: String) throws(FileError)
  func remove(_ path: String) throws(FileError)
}

extension FileSystem {
  /// Writes all of the bytes, however many calls that takes.
  package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) {
    var left = bytes
    while !left.isEmpty {
      let count = try write(left, to: descriptor, path: path)
      left = UnsafeRawBufferPointer(rebasing: left[max(1, min(count, left.count))...])
    }
  }

  package func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
      try writeAll(UnsafeRawBufferPointer(buffer), to: descriptor, path: path)
    }
  }
}
