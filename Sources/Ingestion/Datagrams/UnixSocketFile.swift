import Glibc
import UsageProtocol

/// A datagram socket's place in the file system: taking it, and giving it back.
struct UnixSocketFile: Sendable {
  let path: String
  private let device: UInt64
  private let inode: UInt64

  /// Longest path, in bytes: `sun_path` less its terminating zero.
  static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  /// Binds `descriptor` at `path` and sets the file's mode.
  ///
  /// A socket file that nobody receives on any more is removed first. One that is in use, and anything
  /// that is not a socket, is left alone and is an error.
  init(binding descriptor: Int32, at path: String, mode: UInt32) throws(IngestionError) {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0) else {
      throw .invalidAddress(path, reason: "a socket path is neither empty nor holds a zero byte")
    }
    guard bytes.count <= Self.longestPath else {
      throw .pathTooLong(path, bytes: bytes.count, limit: Self.longestPath)
    }
    self.path = path

    // Two processes that start at once must not both find the same stale file, or the second would remove
    // the first one's new socket.
    let lock = Self.lockDirectory(of: path)
    defer { if lock >= 0 { close(lock) } }

    try Self.removeStale(path)
    var code = Self.withName(of: bytes) { name, length in bind(descriptor, name, length) == 0 ? 0 : errno }
    guard code == 0 else { throw .system(call: "bind", subject: path, code: code) }
    guard chmod(path, mode_t(mode & 0o777)) == 0, let file = Self.status(path) else {
      code = errno
      unlink(path)
      throw .system(call: "chmod", subject: path, code: code)
    }
    device = UInt64(file.st_dev)
    inode = UInt64(file.st_ino)
  }

  /// Removes the file if it is still the one that was bound here.
  func remove() {
    guard let file = Self.status(path), UInt64(file.st_dev) == device, UInt64(file.st_ino) == inode else { return }
    unlink(path)
  }

  private static func removeStale(_ path: String) throws(IngestionError) {
    guard let file = status(path) else { return }
    guard file.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
    let probe = DatagramSocket.open(family: AF_UNIX)
    guard probe >= 0 else { throw .system(call: "socket", subject: path, code: errno) }
    defer { close(probe) }
    let code = withName(of: Array(path.utf8)) { name, length in connect(probe, name, length) == 0 ? 0 : errno }
    switch code {
    case ECONNREFUSED:
      guard unlink(path) == 0 || errno == ENOENT else {
        throw .system(call: "unlink", subject: path, code: errno)
      }
    case ENOENT: return
    // EPROTOTYPE: somebody receives there, on a socket of another kind.
    case 0, EPROTOTYPE: throw .inUse(path)
    default: throw .system(call: "connect", subject: path, code: code)
    }
  }

  private static func status(_ path: String) -> stat? {
    var file = stat()
    return lstat(path, &file) == 0 ? file : nil
  }

  /// Holds an advisory lock on the directory until the descriptor is closed; -1 if there is none to be had.
  private static func lockDirectory(of path: String) -> Int32 {
    var directory = "."
    if let slash = path.lastIndex(of: "/") { directory = slash == path.startIndex ? "/" : String(path[..<slash]) }
    let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return -1 }
    // The lock is held for microseconds. Whoever holds it for a second locks the directory for another reason.
    var attempts = 100
    while attempts > 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      usleep(10_000)
      attempts -= 1
    }
    return descriptor
  }

  private static func withName(
    of path: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path) }
    return withUnsafeBytes(of: name) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { body($0.baseAddress!, socklen_t(bytes.count)) }
    }
  }
}

extension DatagramSocket {
  /// Opens a Unix datagram socket at `path`; closing it removes the file.
  static func unixgram(path: String, mode: UInt32) throws(IngestionError) -> DatagramSocket {
    let descriptor = open(family: AF_UNIX)
    guard descriptor >= 0 else { throw .system(call: "socket", subject: path, code: errno) }
    do {
      let file = try UnixSocketFile(binding: descriptor, at: path, mode: mode)
      return DatagramSocket(descriptor: descriptor, source: .unixgram, address: path) { file.remove() }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }
}
