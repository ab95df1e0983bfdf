import Glibc

/// The end of an audit, where records are appended. Belongs to one thread.
final class AuditFile {
  struct Failure: Error {
    let code: Int32

    var message: String { String(cString: strerror(code)) }
  }

  private let directory: AuditDirectory
  private var descriptor: Int32
  private var size: Int
  private(set) var chain: AuditChain

  /// Opens the audit behind its last whole record; half of one, which a crash leaves, is cut off.
  init(_ directory: AuditDirectory) throws(Failure) {
    guard mkdir(directory.path, 0o700) == 0 || errno == EEXIST else { throw Failure(code: errno) }
    self.directory = directory
    chain = Self.chain(of: directory)
    descriptor = try Self.open(directory.current)
    let bytes = AuditDirectory.read(directory.current) ?? []
    size = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    if size < bytes.count, ftruncate(descriptor, size) != 0 {
      let code = errno
      close(descriptor)
      throw Failure(code: code)
    }
  }

  deinit { close(descriptor) }

  /// Where the last whole record left the chain; what came before is not checked, `verify` does that.
  private static func chain(of directory: AuditDirectory) -> AuditChain {
    var chain = AuditChain()
    if let line = directory.latest(1).first { _ = chain.follow(line, isFirstKept: true) }
    return chain
  }

  private static func open(_ path: String) throws(Failure) -> Int32 {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    return descriptor
  }

  /// Appends a record: all of it or nothing.
  func append(_ entry: AuditEntry, lost: Int) throws(Failure) {
    let line = entry.line(sequence: chain.sequence + 1, previous: chain.head, lost: lost)
    if size > 0, size + line.count >= directory.fileLimit { try rotate() }
    try write(line + [UInt8(ascii: "\n")])
    chain.append(line)
  }

  private func write(_ bytes: [UInt8]) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = count < 0 ? errno : ENOSPC
        // A part of a line would spoil the next one; where even this fails, the next start cuts it off.
        ftruncate(descriptor, size)
        throw Failure(code: code)
      }
      written += count
    }
    size += bytes.count
  }

  /// The oldest file goes, each other one becomes one older. The chain goes on.
  private func rotate() throws(Failure) {
    for number in (1..<AuditDirectory.olderFiles).reversed() {
      let code = rename(directory.older(number), directory.older(number + 1))
      guard code == 0 || errno == ENOENT else { throw Failure(code: errno) }
    }
    guard rename(directory.current, directory.older(1)) == 0 else { throw Failure(code: errno) }
    let next = try Self.open(directory.current)
    fsync(descriptor)
    close(descriptor)
    descriptor = next
    size = 0
  }

  /// Forces what was appended to the disk.
  func sync() { fdatasync(descriptor) }
}
