/// The gzip format (RFC 1952), one member to a stream.
package enum Gzip {
  /// `input` compressed; levels run from 0 (stored) to 9 (smallest).
  package static func compress(_ input: UnsafeRawBufferPointer, level: Int32 = 1) -> [UInt8] {
    var deflater = Deflater(.gzip, level: level)
    var output: [UInt8] = []
    output.reserveCapacity(input.count / 4 + 64)
    deflater.append(input, to: &output)
    deflater.finish(to: &output)
    return output
  }

  /// `input` compressed; levels run from 0 (stored) to 9 (smallest).
  package static func compress(_ input: [UInt8], level: Int32 = 1) -> [UInt8] {
    input.withUnsafeBytes { compress($0, level: level) }
  }

  /// The content of one complete stream of at most `limit` bytes.
  package static func decompress(_ input: UnsafeRawBufferPointer, limit: Int) throws(CompressionError) -> [UInt8] {
    try Inflater.inflate(input, .gzip, limit: limit)
  }

  /// The content of one complete stream of at most `limit` bytes.
  package static func decompress(_ input: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (buffer) throws(CompressionError) in
      try decompress(UnsafeRawBufferPointer(buffer), limit: limit)
    }
  }
}
