import CZlib

/// Compresses one stream piece by piece.
///
/// The library's state points back at its `z_stream`, so that lives on the heap and never moves.
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private let largestPiece: Int

  /// `avail_in` has 32 bits; longer input goes in pieces.
  static let largestPiece = 1 << 30

  /// Levels outside 0...9 count as the nearest one.
  init(_ format: CompressionFormat, level: Int32, largestPiece: Int = Self.largestPiece) {
    self.largestPiece = largestPiece
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = deflateInit2_(
      stream, min(max(level, 0), 9), Z_DEFLATED, format.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot start: status \(status)")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  mutating func append(_ input: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    var start = 0
    while start < input.count {
      let end = start + min(largestPiece, input.count - start)
      run(UnsafeRawBufferPointer(rebasing: input[start..<end]), flush: Z_NO_FLUSH, to: &output)
      start = end
    }
  }

  /// Writes the end of the stream; nothing may be appended after it.
  mutating func finish(to output: inout [UInt8]) {
    run(UnsafeRawBufferPointer(start: nil, count: 0), flush: Z_FINISH, to: &output)
  }

  private mutating func run(_ input: UnsafeRawBufferPointer, flush: Int32, to output: inout [UInt8]) {
    let stream = stream
    // zlib does not write to its input; the C type merely lacks `const`.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(input.count)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32_768) { scratch in
      repeat {
        stream.pointee.next_out = scratch.baseAddress
        stream.pointee.avail_out = UInt32(scratch.count)
        _ = deflate(stream, flush)
        output.append(contentsOf: scratch[..<(scratch.count - Int(stream.pointee.avail_out))])
        // Room left over means that nothing more is waiting inside.
      } while stream.pointee.avail_out == 0
    }
    stream.pointee.next_in = nil
    stream.pointee.next_out = nil
  }
}
