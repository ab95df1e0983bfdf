import Glibc
import NIOConcurrencyHelpers

/// Bearer tokens in a file, one a line; blank lines and lines that start with `#` are not tokens, nor is what lies
/// past 64 KiB.
///
/// The file is read again when it changes, so that a token can be rotated without a restart: for a while both the
/// old and the new one stand in it. A file that cannot be read admits nobody.
package final class TokenFile: Sendable {
  /// As long as a token has to be: shorter ones can be guessed.
  package static let shortestToken = 16
  private static let largestFile = 64 * 1024

  private struct Version: Equatable {
    var seconds: Int
    var nanoseconds: Int
    // A tool that keeps the time of modification, or a change of permissions, still moves the time of change.
    var changedSeconds: Int
    var changedNanoseconds: Int
    var size: Int
    var inode: UInt
  }

  private struct Content {
    var version: Version?
    var tokens: [[UInt8]] = []
  }

  package let path: String
  private let content = NIOLockedValueBox(Content())

  package init(path: String) { self.path = path }

  /// How many tokens the file holds now; `nil` when it cannot be read.
  package var count: Int? {
    let tokens = current
    return tokens.version == nil ? nil : tokens.tokens.count
  }

  /// Whether this is one of the tokens. Takes as long whichever byte differs.
  package func admits(_ token: some Sequence<UInt8>) -> Bool {
    let given = Array(token)
    guard given.count >= Self.shortestToken else { return false }
    var admitted = false
    for known in current.tokens where Self.areEqual(known, given) { admitted = true }
    return admitted
  }

  private var current: Content {
    let version = self.version
    return content.withLockedValue { content in
      if content.version != version || version == nil { content = Content(version: version, tokens: read()) }
      return content
    }
  }

  private var version: Version? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Version(
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
      changedSeconds: status.st_ctim.tv_sec, changedNanoseconds: status.st_ctim.tv_nsec, size: Int(status.st_size),
      inode: UInt(status.st_ino))
  }

  private func read() -> [[UInt8]] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: Self.largestFile)
    var filled = 0
    while filled < buffer.count {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled) }
      if count <= 0 { break }
      filled += count
    }
    // A longer file is cut somewhere in a line, and the beginning of a token is not one.
    if filled == buffer.count { filled = (buffer.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1 }
    return buffer[..<filled].split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let first = line.firstIndex(where: { !Self.isSpace($0) }) else { return nil }
      let last = line.lastIndex { !Self.isSpace($0) } ?? first
      let token = Array(line[first...last])
      return token.count < Self.shortestToken || token.first == UInt8(ascii: "#") ? nil : token
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  private static func areEqual(_ known: [UInt8], _ given: [UInt8]) -> Bool {
    var difference = UInt8(known.count == given.count ? 0 : 1)
    for index in given.indices { difference |= given[index] ^ known[index % known.count] }
    return difference == 0
  }
}
