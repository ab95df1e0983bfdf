internal import Glibc

/// The file of a Unix socket that we have bound.
struct UnixSocketFile: Sendable {
  let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Makes way for a new socket: removes one that nobody listens on, and nothing else.
  static func removeStale(at path: String) throws(HTTPServerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    guard isDead(path) else { throw .addressInUse("unix:\(path)") }
    unlink(path)
  }

  /// Takes charge of a socket just bound: sets its mode and remembers which file it is.
  init(bound path: String, mode: UInt32) throws(HTTPServerError) {
    var status = stat()
    guard chmod(path, mode_t(mode)) == 0, lstat(path, &status) == 0 else {
      throw .cannotBind("unix:\(path)", reason: String(cString: strerror(errno)))
    }
    self.path = path
    device = status.st_dev
    inode = status.st_ino
  }

  /// Removes the file unless another process has put its own there since.
  func remove() {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
    unlink(path)
  }

  /// True when a connect is refused: the file is left over from a process that has ended.
  private static func isDead(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result != 0 && errno == ECONNREFUSED
  }
}
