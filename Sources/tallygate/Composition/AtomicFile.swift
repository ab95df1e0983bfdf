import Glibc

/// What the operating system said when a file could not be written.
struct FileWriteError: Error {
  var code: Int32

  var message: String { String(cString: strerror(code)) }
}

/// Writes small files so that a reader sees the old one or the new one, never a part.
enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String) throws(FileWriteError) {
    let temporary = path + ".tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileWriteError(code: errno) }
    let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    let code = errno
    close(descriptor)
    guard written == bytes.count else {
      unlink(temporary)
      throw FileWriteError(code: written < 0 ? code : ENOSPC)
    }
    guard rename(temporary, path) == 0 else { throw FileWriteError(code: errno) }
  }
}
