import CLinux
import Glibc

/// Cuts a stream into blocks of complete lines, in a buffer of fixed size.
///
/// A line longer than `longestLine` (its newline not counted) is skipped up to its newline and counted once,
/// however long it is. Each byte is moved at most once and lines are not scanned one by one: finding the
/// over-long ones costs one short backward search in every `longestLine` bytes.
final class LineBlocks {
  private static let newline: Int32 = 0x0A

  private let buffer: UnsafeMutableRawBufferPointer
  private let longestLine: Int
  /// The line that has begun and not ended: where it stands in the buffer.
  private var begun = 0..<0
  /// The current line is already too long: everything up to its newline is dropped.
  private var isSkipping = false

  /// Lines that were too long, since the last time this was set to 0.
  var linesTooLong = 0

  /// `capacity` and `longestLine` are bytes; the capacity is at least twice the longest line.
  init(capacity: Int = 1 << 20, longestLine: Int = 65_536) {
    precondition(longestLine > 0 && capacity >= 2 * (longestLine + 1), "a block holds at least two lines")
    buffer = .allocate(byteCount: capacity, alignment: 64)
    self.longestLine = longestLine
  }

  deinit { buffer.deallocate() }

  /// Where the next bytes of the stream are to be put; never empty. Ends the life of earlier blocks.
  func makeRoom() -> UnsafeMutableRawBufferPointer {
    if let base = buffer.baseAddress, begun.lowerBound > 0 {
      memmove(base, base + begun.lowerBound, begun.count)
      begun = 0..<begun.count
    }
    return UnsafeMutableRawBufferPointer(rebasing: buffer[begun.upperBound...])
  }

  /// Takes `count` bytes that were put at the start of the room, and calls `body` for each block of complete
  /// lines. The blocks are valid until the next `makeRoom()` or `finish`.
  func append(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    precondition(begun.lowerBound == 0, "room was made before")
    precondition(count >= 0 && count <= buffer.count - begun.upperBound, "no more bytes than there was room for")
    let new = begun.upperBound..<begun.upperBound + count
    guard let last = lastNewline(in: new) else {
      begun = 0..<(isSkipping ? 0 : new.upperBound)
      skipIfTooLong()
      return
    }
    var start = 0
    if isSkipping {
      isSkipping = false
      start = (firstNewline(in: new) ?? last) + 1
    }
    handOver(start..<last + 1, body)
    begun = last + 1..<new.upperBound
    skipIfTooLong()
  }

  /// Takes the end of the stream: hands over the last line if it has no newline.
  func finish(_ body: (UnsafeRawBufferPointer) -> Void) {
    if !begun.isEmpty { body(UnsafeRawBufferPointer(rebasing: buffer[begun])) }
    begun = 0..<0
    isSkipping = false
  }

  private func skipIfTooLong() {
    guard begun.count > longestLine else { return }
    linesTooLong += 1
    isSkipping = true
    begun = 0..<0
  }

  /// Hands over complete lines, in one block unless a line among them is too long.
  private func handOver(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
    var start = range.lowerBound
    var line = start
    while range.upperBound - line > longestLine + 1 {
      // The last line that ends within reach of the longest one begins the next step.
      if let end = lastNewline(in: line..<line + longestLine + 1) {
        line = end + 1
        continue
      }
      linesTooLong += 1
      if line > start { body(UnsafeRawBufferPointer(rebasing: buffer[start..<line])) }
      line = (firstNewline(in: line + longestLine..<range.upperBound) ?? range.upperBound - 1) + 1
      start = line
    }
    if start < range.upperBound { body(UnsafeRawBufferPointer(rebasing: buffer[start..<range.upperBound])) }
  }

  private func firstNewline(in range: Range<Int>) -> Int? {
    guard let base = buffer.baseAddress, !range.isEmpty,
      let found = memchr(base + range.lowerBound, Self.newline, range.count)
    else { return nil }
    return found - base
  }

  private func lastNewline(in range: Range<Int>) -> Int? {
    guard let base = buffer.baseAddress, !range.isEmpty,
      let found = clinux_last(base + range.lowerBound, Self.newline, range.count)
    else { return nil }
    return found - UnsafeRawPointer(base)
  }
}
