internal import NIOCore

extension ByteBuffer {
  /// Bytes behind the first blank line; `nil` without one. O(bytes before it).
  var bytesBehindBlankLine: Int? {
    withUnsafeReadableBytes { bytes in
      let end = bytes.indices.dropFirst(3).first {
        bytes[$0] == 10 && bytes[$0 - 1] == 13 && bytes[$0 - 2] == 10 && bytes[$0 - 3] == 13
      }
      return end.map { bytes.count - $0 - 1 }
    }
  }
}
