import CZlib

/// Decompresses one whole stream, never past a limit.
enum Inflater {
  /// The content of `input`, which must be one complete stream and nothing else.
  ///
  /// Memory stays within `limit` plus a fixed amount, whatever the input claims.
  static func inflate(
    _ input: UnsafeRawBufferPointer, _ format: CompressionFormat, limit: Int, largestPiece: Int = Deflater.largestPiece
  ) throws(CompressionError) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let status = inflateInit2_(stream, format.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .outOfMemory }
    defer { inflateEnd(stream) }

    var content: [UInt8] = []
    let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 65_536)
    defer { scratch.deallocate() }
    var consumed = 0
    while true {
      let piece = UnsafeRawBufferPointer(
        rebasing: input[consumed..<consumed + min(largestPiece, input.count - consumed)])
      stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.assumingMemoryBound(to: UInt8.self).baseAddress)
      stream.pointee.avail_in = UInt32(piece.count)
      stream.pointee.next_out = scratch.baseAddress
      stream.pointee.avail_out = UInt32(scratch.count)
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      consumed += piece.count - Int(stream.pointee.avail_in)
      let produced = scratch.count - Int(stream.pointee.avail_out)
      guard produced <= limit - content.count else { throw .tooLarge(limit: limit) }
      content.append(contentsOf: scratch[..<produced])
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        guard consumed == input.count else { throw .trailingBytes(count: input.count - consumed) }
        return content
      case Z_BUF_ERROR: throw .truncated
      case Z_NEED_DICT: throw .corrupt("it needs a preset dictionary")
      case Z_MEM_ERROR: throw .outOfMemory
      default: throw .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)")
      }
    }
  }
}
