import BudgetCore

/// Reads the records of one journal file, as far as they are whole, piece by piece.
enum JournalReader {
  /// How a file ended.
  enum End: Hashable, Sendable {
    case complete
    /// The last record is not all there: its writer was stopped.
    case torn(at: Int64)
    /// What stands there is nothing that this program reads.
    case bad(at: Int64, SnapshotError)
  }

  struct Reading {
    /// The number of the first record; `nil` for a file whose header was never whole.
    var first: UInt64?
    var records: UInt64 = 0
    /// Length of the header and of those records.
    var bytes: Int64 = 0
    var end = End.complete
  }

  /// Small enough to stay in a near cache from its reading to its last record.
  static let pieceSize = 256 << 10

  /// - Parameters:
  ///   - seed: of the ledger that usage is for.
  ///   - body: told of each whole record, in order, with its number.
  static func read(
    _ path: String, seed: UInt64, files: any FileSystem, _ body: (UInt64, Moment, JournalContent) -> Void
  ) throws(FileError) -> Reading {
    let descriptor = try files.openForReading(path)
    defer { files.close(descriptor) }
    var reading = Reading()
    var usage = UsageLogReader(seed: seed)
    var memory = ActMemory()
    // What no record was made of yet stands at the beginning.
    var bytes = [UInt8](repeating: 0, count: 2 * pieceSize)
    var filled = 0
    var offset: Int64 = 0
    var isLast = false
    while !isLast {
      if bytes.count - filled < pieceSize { bytes += [UInt8](repeating: 0, count: bytes.count) }
      let got = try fill(&bytes, from: filled, descriptor, path, files)
      isLast = got < pieceSize
      filled += got
      let used = bytes.withUnsafeBytes { buffer in
        consume(
          UnsafeRawBufferPointer(rebasing: buffer[..<filled]), at: offset, isLast: isLast, &reading, &usage, &memory,
          body)
      }
      if case .bad(let at, _) = reading.end {
        let rest = ZeroTail(after: Array(bytes[Int(at - offset)..<filled]))
        if try rest.isCutOff(at: at, descriptor, path, files) { reading.end = .torn(at: at) }
        return reading
      }
      bytes.withUnsafeMutableBytes { buffer in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[used..<filled]))
      }
      filled -= used
      offset += Int64(used)
      reading.bytes = offset
    }
    return reading
  }

  /// What a file of these bytes holds; one that is cut off in any way is `bad` or `torn`.
  static func look(at bytes: [UInt8]) -> Reading {
    var reading = Reading()
    var usage = UsageLogReader(seed: 0)
    var memory = ActMemory()
    _ = bytes.withUnsafeBytes { consume($0, at: 0, isLast: true, &reading, &usage, &memory) { _, _, _ in } }
    return reading
  }

  /// Reads the next piece to that place.
  /// - Returns: its length, less than `pieceSize` at the end of the file.
  private static func fill(
    _ bytes: inout [UInt8], from start: Int, _ descriptor: Int32, _ path: String, _ files: any FileSystem
  ) throws(FileError) -> Int {
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
      let place = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[start..<(start + pieceSize)])
      return try files.read(descriptor, into: place, path: path)
    }
  }

  /// The next bytes of the file, fewer than `pieceSize` at its end.
  static func piece(_ descriptor: Int32, _ path: String, _ files: any FileSystem) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
      do throws(FileError) {
        count = try files.read(descriptor, into: UnsafeMutableRawBufferPointer(buffer), path: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return piece
  }

  /// - Returns: how many bytes made whole records.
  private static func consume(
    _ bytes: UnsafeRawBufferPointer, at offset: Int64, isLast: Bool, _ reading: inout Reading,
    _ usage: inout UsageLogReader, _ memory: inout ActMemory,
    _ body: (UInt64, Moment, JournalContent) -> Void
  ) -> Int {
    var position = 0
    do throws(SnapshotError) {
      if reading.first == nil {
        guard bytes.count >= JournalFormat.headerSize else {
          if isLast { reading.end = .torn(at: 0) }
          return 0
        }
        reading.first = try JournalFormat.first(inHeader: bytes)
        position = JournalFormat.headerSize
      }
      while let payload = try payload(in: bytes, at: position) {
        let (now, record) = try JournalRecord.read(payload, &memory)
        let number = reading.first! &+ reading.records
        switch record {
        case .act(let act): body(number, now, .act(act))
        case .usage(let bytes): try usage.readRecord(bytes) { body(number, now, .usage($0)) }
        }
        reading.records += 1
        position += JournalFormat.frameSize + payload.count
      }
    } catch {
      // Whether it was damaged or only cut off, what stands behind it tells. Either way nothing there is trusted.
      reading.end = .bad(at: offset + Int64(position), error)
      return position
    }
    if isLast, position < bytes.count { reading.end = .torn(at: offset + Int64(position)) }
    return position
  }

  /// The payload of the record there; `nil` when it is not all there (yet).
  private static func payload(in bytes: UnsafeRawBufferPointer, at position: Int)
    throws(SnapshotError) -> UnsafeRawBufferPointer?
  {
    let start = position + JournalFormat.frameSize
    guard start <= bytes.count else { return nil }
    let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
    let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
    guard length <= JournalFormat.longestPayload else { throw .inconsistent("a record claims \(length) bytes") }
    guard start + length <= bytes.count else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + length)])
    guard length > 0, JournalFormat.checksum(payload) == checksum else { throw .checksumMismatch(.body) }
    return payload
  }
}

extension UsageLogReader {
  fileprivate mutating func readRecord(
    _ bytes: UnsafeRawBufferPointer, _ body: (UsageBatch) -> Void
  ) throws(SnapshotError) {
    do throws(UsageLogError) {
      try read(bytes, body)
    } catch {
      throw .inconsistent("usage of a record cannot be read (\(error))")
    }
  }
}
