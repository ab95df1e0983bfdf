import Glibc

/// A pipe whose ends are the test's.
final class TestPipe: @unchecked Sendable {
  struct Failure: Error { let code: Int32 }

  private(set) var readingEnd: Int32
  private(set) var writingEnd: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure(code: errno) }
    (readingEnd, writingEnd) = (ends[0], ends[1])
  }

  deinit {
    stopReading()
    finish()
  }

  /// Closes the reading end.
  func stopReading() {
    if readingEnd >= 0 { close(readingEnd) }
    readingEnd = -1
  }

  func write(_ bytes: [UInt8]) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(writingEnd, $0.baseAddress! + written, bytes.count - written) }
      guard count > 0 else { return }
      written += count
    }
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  /// Closes the writing end.
  func finish() {
    if writingEnd >= 0 { close(writingEnd) }
    writingEnd = -1
  }
}
