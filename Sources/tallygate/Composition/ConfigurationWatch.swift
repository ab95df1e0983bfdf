import Glibc

/// Notices that the configuration file, or the price file, is another one than it was.
///
/// Looks at what the path leads to (device, inode, size, times), and so notices too when Kubernetes swaps the link under
/// a mounted ConfigMap. A change counts when it stands still from one look to the next: a file that is being written
/// is not read half.
struct ConfigurationWatch {
  private struct Version: Equatable {
    var device: UInt
    var inode: UInt
    var size: Int
    var modified: [Int]
  }

  private let paths: [String]
  private var known: [Version?]
  private var seen: [Version?]

  init(paths: [String]) {
    self.paths = paths
    known = paths.map { Self.version(of: $0) }
    seen = known
  }

  /// Whether the files changed since the last time that this was true, and did not since the last look.
  ///
  /// A file that is gone is no change: it comes back, or the one that was read goes on.
  mutating func look() -> Bool {
    let now = paths.map { Self.version(of: $0) }
    defer { seen = now }
    guard now == seen, now != known, !now.contains(nil) else { return false }
    known = now
    return true
  }

  private static func version(of path: String) -> Version? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Version(
      device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
      modified: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec])
  }
}
