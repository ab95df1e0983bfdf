import Glibc

/// A file that goes away with the test that made it.
final class TemporaryFile {
  let path: String

  init(_ content: String) {
    path = "/tmp/tallygate-test-\(getpid())-\(UInt64.random(in: .min ... .max))"
    write(content)
  }

  deinit { unlink(path) }

  /// Writes into the same file.
  func write(_ content: String) { Self.write(content, to: path) }

  /// Puts another file in its place, as rotation does.
  func replace(_ content: String) {
    Self.write(content, to: path + ".new")
    rename(path + ".new", path)
  }

  func remove() { unlink(path) }

  /// Up to 4 KiB; "malformed" when there is no such file.
  static func content(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "malformed" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// Sets the time of modification back to what it was before `body`.
  func keepingModificationTime(_ body: () -> Void) {
    var status = stat()
    stat(path, &status)
    body()
    let times = [status.st_atim, status.st_mtim]
    utimensat(AT_FDCWD, path, times, 0)
  }

  private static func write(_ content: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    let bytes = Array(content.utf8)
    precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "the test's own file cannot be written")
    close(descriptor)
  }
}
