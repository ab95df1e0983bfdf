import NIOCore
import Testing

@testable import ControlServer

@Suite("Bodies in pieces")
struct BodyPiecesTests {
  @Test("what was appended comes out, whatever the pieces", arguments: [1, 64 << 10, (64 << 10) - 7, 3 << 20])
  func allOfIt(piece: Int) {
    var pieces = BodyPieces()
    var expected: [UInt8] = []
    // Past the pieces, over the end of a block, and into the next one.
    while expected.count < min(5 << 20, piece * 200_000) {
      let bytes = (0..<piece).map { UInt8(truncatingIfNeeded: ($0 &+ expected.count) &* 31) }
      bytes.withUnsafeBytes { pieces.append($0) }
      expected += bytes
    }
    #expect(pieces.count == expected.count)
    #expect(pieces.joined == expected)
    #expect(pieces.buffers.allSatisfy { $0.readableBytes > 0 })
  }

  @Test("a short body takes no block")
  func short() {
    var pieces = BodyPieces()
    for _ in 0..<4 { [UInt8](repeating: 7, count: 64 << 10).withUnsafeBytes { pieces.append($0) } }
    #expect(pieces.buffers.allSatisfy { $0.capacity <= 64 << 10 })
  }

  @Test("nothing makes no buffer")
  func nothing() {
    var pieces = BodyPieces()
    pieces.append(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(pieces.buffers.isEmpty && pieces.joined.isEmpty)
  }
}
