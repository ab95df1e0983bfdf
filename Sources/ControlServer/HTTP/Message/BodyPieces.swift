internal import NIOCore

/// A large body in pieces, which are sent one after the other and never joined: it is in memory once.
package struct BodyPieces: Sendable {
  private(set) var buffers: [ByteBuffer] = []
  package private(set) var count = 0

  package init() {}

  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    buffers.append(ByteBuffer(bytes: bytes))
    count += bytes.count
  }

  /// All of it in one piece. O(bytes).
  package var joined: [UInt8] { buffers.flatMap { Array($0.readableBytesView) } }
}
