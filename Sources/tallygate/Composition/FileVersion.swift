import Glibc

/// Which file a path leads to and when it was written last: differs when another one is put in its place, as kubelets
/// do with the files of a ConfigMap, and when it is written to.
struct FileVersion: Equatable {
  private var device: dev_t
  private var inode: ino_t
  private var size: off_t
  private var seconds: time_t
  private var nanoseconds: Int

  /// Follows links; `nil` while there is no such file.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = status.st_dev
    inode = status.st_ino
    size = status.st_size
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
