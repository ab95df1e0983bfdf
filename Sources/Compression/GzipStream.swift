/// A gzip file that grows piece by piece, so that a long page needs no second copy of itself.
package struct GzipStream: ~Copyable {
  private var deflater: Deflater
  private var output: [UInt8] = []

  /// Levels run from 0 (stored) to 9 (smallest).
  package init(level: Int32 = 1) { deflater = Deflater(.gzip, level: level) }

  package mutating func append(_ piece: UnsafeRawBufferPointer) { deflater.append(piece, to: &output) }

  package mutating func append(_ piece: [UInt8]) { piece.withUnsafeBytes { append($0) } }

  /// What has been compressed since the last call; zlib keeps up to a few hundred kilobytes back until `finish`.
  package mutating func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Ends the stream and returns what was not taken yet.
  package consuming func finish() -> [UInt8] {
    deflater.finish(to: &output)
    return output
  }
}
