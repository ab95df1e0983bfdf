import Glibc
import NIOConcurrencyHelpers

/// Bearer tokens in a file, one a line, with what is said of them: `TOKEN name=ci agent=researcher user=alice,bob`.
/// Blank lines and lines that start with `#` are not tokens, nor is what lies past 64 KiB.
///
/// The file is read again when it changes, so that a token can be rotated without a restart: for a while both the
/// old and the new one stand in it. A file that cannot be read admits nobody, and neither does a line that cannot be
/// understood: a restriction that was misspelled must not be none.
package final class TokenFile: Sendable {
  /// As long as a token has to be: shorter ones can be guessed.
  package static let shortestToken = 16
  private static let largestFile = 64 * 1024

  private struct Content {
    var version: FileVersion?
    var lines = TokenLines()
  }

  package let path: String
  private let binds: Bool
  private let content = NIOLockedValueBox(Content())

  /// - Parameter binds: whether a line may say for whom its token speaks.
  package init(path: String, binds: Bool = false) {
    self.path = path
    self.binds = binds
  }

  /// How many tokens the file holds now; `nil` when it cannot be read.
  package var count: Int? {
    let now = current
    return now.version == nil ? nil : now.lines.entries.count
  }

  /// The numbers of the lines whose tokens admit nobody, because what follows them cannot be understood.
  package var malformedLines: [Int] { current.lines.malformed }

  /// Whether this is one of the tokens.
  package func admits(_ token: some Sequence<UInt8>) -> Bool { entry(for: token) != nil }

  /// What the file says of a token. Takes as long whichever byte differs.
  package func entry(for token: some Sequence<UInt8>) -> TokenLines.Entry? {
    let given = Array(token)
    guard given.count >= Self.shortestToken else { return nil }
    var found: TokenLines.Entry?
    for entry in current.lines.entries where Self.areEqual(entry.token, given) { found = entry }
    return found
  }

  private var current: Content {
    let version = FileVersion(path: path)
    return content.withLockedValue { content in
      if content.version != version || version == nil { content = Content(version: version, lines: read()) }
      return content
    }
  }

  private func read() -> TokenLines {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return TokenLines() }
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
    return TokenLines(buffer[..<filled], binds: binds)
  }

  private static func areEqual(_ known: [UInt8], _ given: [UInt8]) -> Bool {
    var difference = UInt8(known.count == given.count ? 0 : 1)
    for index in given.indices { difference |= given[index] ^ known[index % known.count] }
    return difference == 0
  }
}
