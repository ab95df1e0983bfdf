import Glibc

/// The real files. Directories are for their owner alone, and so are files.
package struct LinuxFileSystem: FileSystem {
  private static let directoryMode: mode_t = 0o700
  private static let fileMode: mode_t = 0o600

  package init() {}

  package func makeDirectory(_ path: String) throws(FileError) {
    if mkdir(path, Self.directoryMode) == 0 || errno == EEXIST { return }
    let code = errno
    guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw FileError(operation: "create the directory", path: path, code: code)
    }
    try makeDirectory(String(path[..<slash]))
    guard mkdir(path, Self.directoryMode) == 0 || errno == EEXIST else {
      throw FileError(operation: "create the directory", path: path, code: errno)
    }
  }

  package func names(in directory: String) throws(FileError) -> [String] {
    guard let stream = opendir(directory) else { throw FileError(operation: "list", path: directory, code: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = try openForReading(path)
    defer { close(descriptor) }
    var state = stat()
    guard fstat(descriptor, &state) == 0 else { throw FileError(operation: "read", path: path, code: errno) }
    guard state.st_mode & S_IFMT == S_IFREG else { throw FileError(operation: "read", path: path, code: EINVAL) }
    guard Int(state.st_size) <= limit else { throw FileError(operation: "read", path: path, code: EFBIG) }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(state.st_size)) { buffer, count in
      while count < buffer.count {
        let got = Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        count += got
      }
    }
    guard failure == 0 else { throw FileError(operation: "read", path: path, code: failure) }
    return bytes
  }

  package func create(_ path: String, keeping: Bool) throws(FileError) -> Int32 {
    try open(path, O_RDWR | O_CREAT | (keeping ? 0 : O_TRUNC), operation: "create")
  }

  package func openForReading(_ path: String) throws(FileError) -> Int32 {
    try open(path, O_RDONLY, operation: "open")
  }

  private func open(_ path: String, _ flags: Int32, operation: String) throws(FileError) -> Int32 {
    while true {
      let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK, Self.fileMode)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw FileError(operation: operation, path: path, code: errno) }
    }
  }

  package func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int {
    while true {
      let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      if count > 0 { return count }
      if count == 0 { throw FileError(operation: "write", path: path, code: EIO) }
      if errno != EINTR { throw FileError(operation: "write", path: path, code: errno) }
    }
  }

  package func truncate(_ descriptor: Int32, path: String) throws(FileError) {
    guard ftruncate(descriptor, 0) == 0 else { throw FileError(operation: "truncate", path: path, code: errno) }
  }

  package func sync(_ descriptor: Int32, path: String) throws(FileError) {
    while fsync(descriptor) != 0 {
      if errno != EINTR { throw FileError(operation: "sync", path: path, code: errno) }
    }
  }

  package func syncData(_ descriptor: Int32, path: String) throws(FileError) {
    while fdatasync(descriptor) != 0 {
      if errno != EINTR { throw FileError(operation: "sync", path: path, code: errno) }
    }
  }

  package func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String) throws(FileError)
    -> Int
  {
    var count = 0
    while count < buffer.count {
      let got = Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
      if got == 0 { break }
      if got > 0 {
        count += got
      } else if errno != EINTR {
        throw FileError(operation: "read", path: path, code: errno)
      }
    }
    return count
  }

  package func lock(_ descriptor: Int32, path: String) throws(FileError) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw FileError(operation: "lock", path: path, code: errno) }
    }
    return true
  }

  package func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  package func rename(_ path: String, to newPath: String) throws(FileError) {
    guard Glibc.rename(path, newPath) == 0 else { throw FileError(operation: "rename", path: path, code: errno) }
  }

  package func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 else { throw FileError(operation: "remove", path: path, code: errno) }
  }
}
