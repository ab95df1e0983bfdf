import Glibc

/// Which file a path leads to and when it was changed last: differs when another one is put in its place, as kubelets do
/// with what they mount, and when it is written to.
package struct FileVersion: Equatable, Sendable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  private let modified: [Int]
  // A tool that keeps the time of modification, or a change of permissions, still moves the time of change.
  private let changed: [Int]
  package let isRegular: Bool

  /// Follows links; `nil` while there is no such file.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    isRegular = status.st_mode & S_IFMT == S_IFREG
  }
}
