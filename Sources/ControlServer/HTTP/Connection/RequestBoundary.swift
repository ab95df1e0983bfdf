internal import NIOCore

/// Tells whether a read ended with the last byte of a request: then nothing of the connection is in any buffer.
///
/// A request ended with this read's last byte if its head came in this read and what stands behind the first blank line
/// is as long as its body: any byte more than the request, or an earlier blank line, makes that longer.
struct RequestBoundary {
  /// What the read under way has brought: a head, and the length of a request's body when all of it is there.
  private var hasHead = false
  private var bodyBytes: Int?
  private(set) var isReached = false

  mutating func readBegins() { self = RequestBoundary() }

  mutating func sawHead() { hasHead = true }

  mutating func sawRequest(bodyBytes: Int) { self.bodyBytes = bodyBytes }

  mutating func readEnds(_ bytes: ByteBuffer) {
    guard hasHead, let bodyBytes else { return }
    isReached = bytes.bytesBehindBlankLine == bodyBytes
  }

  /// To be called when something else is about to be written.
  mutating func leave() { isReached = false }
}
