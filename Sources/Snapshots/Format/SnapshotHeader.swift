package import BudgetCore
import Compression

/// The first 64 bytes of a snapshot: what follows, and how to tell that all of it is there. Little-endian.
package struct SnapshotHeader: Hashable, Sendable {
  package static let size = 64
  /// The version that this program writes and reads.
  package static let version: UInt32 = 1
  static let magic = Array("TALLYGT\n".utf8)
  /// Content beyond this is neither written nor read: a small file must not fill the memory.
  package static let contentLimit: UInt64 = 1 << 30

  /// The number of the last journal record that the state includes.
  package var sequence: UInt64
  /// Bytes of the content before and after compression.
  package var contentLength: UInt64
  package var bodyLength: UInt64
  /// When the state was captured: nanoseconds on the wall clock and on the steady clock.
  package var wall: Int64
  package var steady: Int64
  /// Without reservations and ids: made for readers.
  package var isRedacted: Bool
  /// Of the compressed bytes.
  package var bodyChecksum: UInt32

  package var captured: Moment {
    Moment(wall: Instant(nanoseconds: wall), steady: Instant(nanoseconds: steady))
  }

  private static let redactedFlag: UInt32 = 1

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.magic)
    writer.append(fixed: Self.version)
    writer.append(fixed: isRedacted ? Self.redactedFlag : 0)
    writer.append(fixed: sequence)
    writer.append(fixed: contentLength)
    writer.append(fixed: bodyLength)
    writer.append(fixed: UInt64(bitPattern: wall))
    writer.append(fixed: UInt64(bitPattern: steady))
    writer.append(fixed: bodyChecksum)
    writer.append(fixed: crc32(writer.bytes))
    return writer.bytes
  }

  init(
    sequence: UInt64, contentLength: UInt64, bodyLength: UInt64, wall: Int64, steady: Int64, isRedacted: Bool,
    bodyChecksum: UInt32
  ) {
    self.sequence = sequence
    self.contentLength = contentLength
    self.bodyLength = bodyLength
    self.wall = wall
    self.steady = steady
    self.isRedacted = isRedacted
    self.bodyChecksum = bodyChecksum
  }

  /// Reads the header of a file and checks that its whole body is there, unchanged. O(file).
  package init(checking file: UnsafeRawBufferPointer) throws(SnapshotError) {
    try self.init(reading: file)
    guard crc32(UnsafeRawBufferPointer(rebasing: file[Self.size...])) == bodyChecksum else {
      throw .checksumMismatch(.body)
    }
  }

  /// Reads the header of a file, whose body is as long as it says and may be damaged. O(1).
  init(reading file: UnsafeRawBufferPointer) throws(SnapshotError) {
    guard file.prefix(Self.magic.count).elementsEqual(Self.magic.prefix(file.count)) else { throw .notASnapshot }
    guard file.count >= Self.size else { throw .truncated(at: file.count, expected: Self.size) }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: file[..<Self.size]))
    try reader.skip(Self.magic.count)
    let version: UInt32 = try reader.fixed()
    let flags: UInt32 = try reader.fixed()
    sequence = try reader.fixed()
    contentLength = try reader.fixed()
    bodyLength = try reader.fixed()
    wall = Int64(bitPattern: try reader.fixed())
    steady = Int64(bitPattern: try reader.fixed())
    bodyChecksum = try reader.fixed()
    isRedacted = flags & Self.redactedFlag != 0
    let checksum: UInt32 = try reader.fixed()
    guard checksum == crc32(UnsafeRawBufferPointer(rebasing: file[..<(Self.size - 4)])) else {
      throw .checksumMismatch(.header)
    }
    guard version == Self.version else { throw .unsupportedVersion(version, reads: Self.version) }
    guard contentLength <= Self.contentLimit else {
      throw .tooLarge(bytes: contentLength, limit: Self.contentLimit)
    }
    let body = UnsafeRawBufferPointer(rebasing: file[Self.size...])
    guard bodyLength <= UInt64(body.count) else {
      throw .truncated(at: file.count, expected: Int(clamping: bodyLength.addingReportingOverflow(64).partialValue))
    }
    guard bodyLength == UInt64(body.count) else { throw .trailingBytes(count: body.count - Int(bodyLength)) }
  }
}
