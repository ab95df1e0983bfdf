import CZlib

/// The CRC-32 (IEEE 802.3) of `bytes`, or of everything so far when given the checksum of what came before.
package func crc32(_ bytes: UnsafeRawBufferPointer, continuing checksum: UInt32 = 0) -> UInt32 {
  // Without an address zlib answers the initial value instead of leaving the checksum alone.
  guard let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return checksum }
  return UInt32(truncatingIfNeeded: crc32_z(UInt(checksum), start, bytes.count))
}

/// The CRC-32 (IEEE 802.3) of `bytes`, or of everything so far when given the checksum of what came before.
package func crc32(_ bytes: [UInt8], continuing checksum: UInt32 = 0) -> UInt32 {
  bytes.withUnsafeBytes { crc32($0, continuing: checksum) }
}
