import BudgetCore

/// What stands behind the last whole record of a journal, to tell a record that was cut off from one that was damaged.
///
/// After a loss of power some file systems keep the length that a file was growing to without the blocks that were on
/// their way: zeros then stand from the edge of a block to the end of the file.
struct ZeroTail {
  /// Disks write sectors of this many bytes whole or not at all.
  private static let sector: Int64 = 512

  private let start: [UInt8]

  /// - Parameter start: the bytes from the record that cannot be read on, as many as are at hand.
  init(after start: [UInt8]) { self.start = start }

  /// Whether zeros from a sector's edge inside the record, or from its start, to the end of the file are all there is
  /// behind its beginning. Reads the file to its end.
  /// - Parameters:
  ///   - position: where the record starts in the file.
  ///   - descriptor: of the file, read to the end of `start`.
  func isCutOff(at position: Int64, _ descriptor: Int32, _ path: String, _ files: any FileSystem) throws(FileError)
    -> Bool
  {
    var end = position
    var zeros = position
    var piece = start
    while !piece.isEmpty {
      if let last = piece.lastIndex(where: { $0 != 0 }) { zeros = end + Int64(last) + 1 }
      end += Int64(piece.count)
      piece = try JournalReader.piece(descriptor, path, files)
    }
    if zeros > position { zeros = (zeros + Self.sector - 1) / Self.sector * Self.sector }
    return zeros < end && zeros < position.saturatingAdd(recordLength)
  }

  /// As its frame says; only the frame when that is not all there.
  private var recordLength: Int64 {
    let frame = Int64(JournalFormat.frameSize)
    guard start.count >= JournalFormat.frameSize else { return frame }
    return frame + Int64(start.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) })
  }
}
