/// What stands around the compressed data, and with it whole streams in one step.
package enum CompressionFormat: CaseIterable, Sendable {
  /// RFC 1952, one member to a stream: HTTP's `gzip`.
  case gzip
  /// RFC 1950.
  case zlib

  /// zlib's largest window; 16 more asks for a gzip header.
  var windowBits: Int32 {
    switch self {
    case .gzip: 15 + 16
    case .zlib: 15
    }
  }

  /// `input` compressed; levels run from 0 (stored) to 9 (smallest).
  package func compress(_ input: UnsafeRawBufferPointer, level: Int32 = 1) -> [UInt8] {
    var deflater = Deflater(self, level: level)
    var output: [UInt8] = []
    output.reserveCapacity(input.count / 4 + 64)
    deflater.append(input, to: &output)
    deflater.finish(to: &output)
    return output
  }

  /// `input` compressed; levels run from 0 (stored) to 9 (smallest).
  package func compress(_ input: [UInt8], level: Int32 = 1) -> [UInt8] {
    input.withUnsafeBytes { compress($0, level: level) }
  }

  /// The content of one complete stream of at most `limit` bytes.
  package func decompress(_ input: UnsafeRawBufferPointer, limit: Int) throws(CompressionError) -> [UInt8] {
    try Inflater.inflate(input, self, limit: limit)
  }

  /// The content of one complete stream of at most `limit` bytes.
  package func decompress(_ input: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (buffer) throws(CompressionError) in
      try decompress(UnsafeRawBufferPointer(buffer), limit: limit)
    }
  }
}
