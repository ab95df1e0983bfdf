import Glibc

/// Reads files whose size nobody has promised.
package enum BoundedFile {
  package enum Failure: Error, Hashable, Sendable {
    /// What the operating system says, for example `No such file or directory`.
    case system(code: Int32)
    case tooLong(limit: Int)
    /// A directory, a device or a pipe where a regular file is needed.
    case notRegular

    package var message: String {
      switch self {
      case .system(let code): String(cString: strerror(code))
      case .tooLong(let limit): "is longer than \(limit) bytes"
      case .notRegular: "is not a regular file"
      }
    }
  }

  /// The whole file, at most `limit` bytes. With `regular` false, pipes are read to their end.
  package static func read(_ path: String, limit: Int, regular: Bool) throws(Failure) -> [UInt8] {
    // Without blocking, so that opening a pipe by mistake does not wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (regular ? O_NONBLOCK : 0))
    guard descriptor >= 0 else { throw .system(code: errno) }
    defer { close(descriptor) }
    if regular {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw .system(code: errno) }
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(code: errno)
      }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else { throw .tooLong(limit: limit) }
    }
  }
}
