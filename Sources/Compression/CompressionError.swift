/// Why bytes could not be decompressed.
package enum CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The content is larger than the caller allows; what came before was dropped.
  case tooLarge(limit: Int)
  /// The stream ends before its end mark and checksum.
  case truncated
  /// The bytes are not this format, or were changed: the library's word for it.
  case corrupt(String)
  /// Bytes follow the end of the stream.
  case trailingBytes(count: Int)
  case outOfMemory

  package var description: String {
    switch self {
    case .tooLarge(let limit): "the content is larger than \(limit) bytes"
    case .truncated: "the compressed data ends too early"
    case .corrupt(let reason): "the compressed data is corrupt: \(reason)"
    case .trailingBytes(let count): "\(count) bytes follow the compressed data"
    case .outOfMemory: "not enough memory to decompress"
    }
  }
}
