internal import NIOCore

/// A large body in pieces, which are sent one after the other and never joined: it is in memory once.
package struct BodyPieces: Sendable {
  private(set) var buffers: [ByteBuffer] = []
  package private(set) var count = 0
  /// How much more the last buffer takes.
  private var room = 0

  /// Up to here each piece is a buffer of its own; what is longer goes on in blocks.
  static let inPieces = 512 << 10

  package init() {}

  /// O(bytes).
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    defer { count += bytes.count }
    guard count >= Self.inPieces else { return buffers.append(ByteBuffer(bytes: bytes)) }
    if room < bytes.count {
      let block = PageBlock.make()
      guard block.room >= bytes.count else { return buffers.append(ByteBuffer(bytes: bytes)) }
      buffers.append(block.buffer)
      room = block.room
    }
    buffers[buffers.count - 1].writeBytes(bytes)
    room -= bytes.count
  }

  /// All of it in one piece. O(bytes).
  package var joined: [UInt8] { buffers.flatMap { Array($0.readableBytesView) } }
}
