@testable import Exposition

/// The pieces that a writer hands on.
final class Pieces {
  private(set) var pieces: [[UInt8]] = []

  func take(_ piece: UnsafeRawBufferPointer) { pieces.append(Array(piece)) }

  var text: String { String(decoding: pieces.joined(), as: UTF8.self) }
}

/// What a page writer makes of some calls.
func written(_ body: (inout PageWriter) -> Void) -> String {
  let pieces = Pieces()
  var writer = PageWriter { pieces.take($0) }
  body(&writer)
  writer.flush()
  return pieces.text
}
