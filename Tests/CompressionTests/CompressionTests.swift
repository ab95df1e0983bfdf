import Testing

@testable import Compression

extension CompressionFormat {
  fileprivate func decompress(_ input: [UInt8]) throws(CompressionError) -> [UInt8] {
    try decompress(input, limit: .max)
  }

  /// "hello, tally\n" as another implementation compressed it.
  fileprivate var foreign: [UInt8] {
    switch self {
    case .gzip:
      [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 215, 81, 40, 73, 204, 201, 169, 228, 2, 0, 44, 244, 42,
        130, 13, 0, 0, 0,
      ]
    case .zlib:
      [120, 218, 203, 72, 205, 201, 201, 215, 81, 40, 73, 204, 201, 169, 228, 2, 0, 33, 161, 4, 145]
    }
  }
}

/// A page like ours: repetitive text with changing numbers.
private let page = Array(
  (0..<20_000).map { "tallygate_tokens_total{agent=\"a\($0 % 97)\",user=\"u\($0)\"} \($0 &* 7919)\n" }.joined().utf8)

@Suite("Compression")
struct CompressionTests {
  @Test("what goes in comes out, at every level and size", arguments: CompressionFormat.allCases)
  func roundTrip(format: CompressionFormat) throws {
    for level: Int32 in [-5, 0, 1, 6, 9, 99] {
      for size in [0, 1, 2, 32_767, 32_768, 32_769, 65_536, page.count] {
        let input = Array(page.prefix(size))
        #expect(try format.decompress(format.compress(input, level: level)) == input, "level \(level), size \(size)")
      }
    }
  }

  @Test("a page of metrics becomes much smaller", arguments: CompressionFormat.allCases)
  func ratio(format: CompressionFormat) { #expect(format.compress(page).count * 4 < page.count) }

  @Test("what another implementation compressed is read", arguments: CompressionFormat.allCases)
  func foreignStreams(format: CompressionFormat) throws {
    #expect(try format.decompress(format.foreign) == Array("hello, tally\n".utf8))
  }

  @Test("content of exactly the limit passes, one byte more is refused", arguments: CompressionFormat.allCases)
  func limit(format: CompressionFormat) throws {
    for size in [0, 1, 100, 65_536, 65_537, 200_000] {
      let input = Array(page.prefix(size))
      let packed = format.compress(input)
      #expect(try format.decompress(packed, limit: size) == input)
      guard size > 0 else { continue }
      #expect(throws: CompressionError.tooLarge(limit: size - 1)) { try format.decompress(packed, limit: size - 1) }
    }
    let bomb = format.compress([UInt8](repeating: 0, count: 50_000_000), level: 9)
    #expect(bomb.count < 100_000)
    #expect(throws: CompressionError.tooLarge(limit: 1000)) { try format.decompress(bomb, limit: 1000) }
    #expect(throws: CompressionError.tooLarge(limit: -1)) { try format.decompress(format.compress([]), limit: -1) }
  }

  @Test("a stream cut anywhere is truncated, not corrupt", arguments: CompressionFormat.allCases)
  func truncation(format: CompressionFormat) {
    for length in 0..<format.foreign.count {
      #expect(throws: CompressionError.truncated, "length \(length)") {
        try format.decompress(Array(format.foreign.prefix(length)))
      }
    }
    let packed = format.compress(page)
    for length in [100, packed.count / 2, packed.count - 1] {
      #expect(throws: CompressionError.truncated) { try format.decompress(Array(packed.prefix(length))) }
    }
  }

  @Test("bytes after the end are refused and counted", arguments: CompressionFormat.allCases)
  func trailing(format: CompressionFormat) {
    #expect(throws: CompressionError.trailingBytes(count: 1)) { try format.decompress(format.foreign + [0]) }
    #expect(throws: CompressionError.trailingBytes(count: format.foreign.count)) {
      try format.decompress(format.foreign + format.foreign)
    }
  }

  @Test("no changed bit ever changes the content unnoticed", arguments: CompressionFormat.allCases)
  func corruption(format: CompressionFormat) throws {
    let content = try format.decompress(format.foreign)
    var refused = 0
    for position in 0..<format.foreign.count {
      for bit in 0..<8 {
        var bytes = format.foreign
        bytes[position] ^= 1 << UInt8(bit)
        do throws(CompressionError) {
          // Header fields and padding may change without changing the content.
          let result = try format.decompress(bytes)
          #expect(result == content, "byte \(position), bit \(bit)")
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > format.foreign.count * 4)
    let error = #expect(throws: CompressionError.self) { try format.decompress(Array("not compressed".utf8)) }
    guard case .corrupt = error else {
      Issue.record("text is taken for \(String(describing: error))")
      return
    }
  }

  @Test("input longer than one piece is fed in pieces")
  func pieces() throws {
    let input = Array(page.prefix(5000))
    for pieceSize in [1, 7, 4999, 5000, 5001] {
      var deflater = Deflater(.gzip, level: 1, largestPiece: pieceSize)
      var packed: [UInt8] = []
      input.withUnsafeBytes { deflater.append($0, to: &packed) }
      deflater.finish(to: &packed)
      #expect(try CompressionFormat.gzip.decompress(packed, limit: 5000) == input)
      let content = try packed.withUnsafeBytes { try Inflater.inflate($0, .gzip, limit: 5000, largestPiece: pieceSize) }
      #expect(content == input)
    }
  }

  @Test("a page compressed piece by piece is one gzip file")
  func streaming() throws {
    var stream = GzipStream()
    var packed: [UInt8] = []
    for start in stride(from: 0, to: page.count, by: 10_000) {
      stream.append(Array(page[start..<min(start + 10_000, page.count)]))
      packed += stream.takeOutput()
    }
    let taken = packed.count
    packed += stream.finish()
    #expect(taken > 0)
    #expect(try CompressionFormat.gzip.decompress(packed, limit: .max) == page)
    #expect(try CompressionFormat.gzip.decompress(GzipStream(level: 9).finish(), limit: 0).isEmpty)
    // Dropped without an end: nothing leaks, nothing traps.
    var dropped = GzipStream()
    dropped.append([1, 2, 3])
  }

  @Test("the checksum is the one everybody uses, and continues over pieces")
  func checksum() {
    #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(crc32([]) == 0)
    #expect(crc32(Array("56789".utf8), continuing: crc32(Array("1234".utf8))) == 0xCBF4_3926)
    #expect(crc32([], continuing: 7) == 7)
    #expect(crc32(UnsafeRawBufferPointer(start: nil, count: 0), continuing: 7) == 7)
  }
}
