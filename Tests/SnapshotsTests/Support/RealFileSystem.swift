import Snapshots

/// The real file system, for one that does a few things otherwise.
protocol RealFileSystem: FileSystem {
  var real: LinuxFileSystem { get }
}

extension RealFileSystem {
  func makeDirectory(_ path: String) throws(FileError) { try real.makeDirectory(path) }
  func names(in directory: String) throws(FileError) -> [String] { try real.names(in: directory) }
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] { try real.read(path, limit: limit) }
  func create(_ path: String, keeping: Bool) throws(FileError) -> Int32 { try real.create(path, keeping: keeping) }
  func openForReading(_ path: String) throws(FileError) -> Int32 { try real.openForReading(path) }
  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int {
    try real.write(bytes, to: descriptor, path: path)
  }
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
