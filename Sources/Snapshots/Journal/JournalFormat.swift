import CLinux

/// The bytes of a journal file: a header, then records. Little-endian; docs/state-format.md describes them.
enum JournalFormat {
  static let version: UInt32 = 2
  static let magic = Array("TALLYGJ\n".utf8)
  static let headerSize = 32
  /// Length and checksum before each record's payload.
  static let frameSize = 8
  /// No request and no batch of lines is longer; what claims to be is not a record.
  static let longestPayload = 64 << 20

  /// - Parameter first: the number of the first record.
  static func header(first: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(magic)
    writer.append(fixed: version)
    writer.append(fixed: UInt32(0))
    writer.append(fixed: first)
    writer.append(fixed: UInt32(0))
    writer.append(fixed: checksum(writer.bytes))
    return writer.bytes
  }

  /// The number of the first record, when this is the header of a journal that this program reads.
  static func first(inHeader bytes: UnsafeRawBufferPointer) throws(SnapshotError) -> UInt64 {
    guard bytes.prefix(magic.count).elementsEqual(magic.prefix(bytes.count)) else { throw .notAJournal }
    guard bytes.count >= headerSize else { throw .truncated(at: bytes.count, expected: headerSize) }
    var reader = ByteReader(bytes)
    try reader.skip(magic.count)
    let found: UInt32 = try reader.fixed()
    try reader.skip(4)
    let first: UInt64 = try reader.fixed()
    try reader.skip(4)
    let stored: UInt32 = try reader.fixed()
    guard stored == checksum(UnsafeRawBufferPointer(rebasing: bytes[..<(headerSize - 4)])) else {
      throw .checksumMismatch(.header)
    }
    guard found == version else { throw .unsupportedVersion(found, reads: version) }
    return first
  }

  static func name(first: UInt64) -> String {
    let digits = String(first, radix: 16)
    return prefix + String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// The number of the first record, from the name of a journal file.
  static func first(inName name: String) -> UInt64? {
    guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + 16 else { return nil }
    return UInt64(name.dropFirst(prefix.count), radix: 16)
  }

  private static let prefix = "journal-"

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    clinux_crc32c(0, bytes.baseAddress, bytes.count)
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { checksum($0) } }

  /// Fills in the checksums of whole records that were appended without them. O(bytes).
  static func seal(_ bytes: UnsafeMutableRawBufferPointer) {
    var position = 0
    while position + frameSize <= bytes.count {
      let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
      let payload = UnsafeRawBufferPointer(rebasing: bytes[(position + frameSize)..<(position + frameSize + length)])
      bytes.storeBytes(of: checksum(payload).littleEndian, toByteOffset: position + 4, as: UInt32.self)
      position += frameSize + length
    }
  }
}
