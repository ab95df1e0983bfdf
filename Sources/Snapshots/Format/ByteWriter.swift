/// Appends numbers and texts to bytes: fixed ones little-endian, counts as LEB128 varints, signed ones zigzag.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

  mutating func append(fixed value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) { append(fixed: value.bitPattern) }

  mutating func append(byte: UInt8) { bytes.append(byte) }

  mutating func append(varint value: UInt64) {
    var left = value
    while left >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
      left >>= 7
    }
    bytes.append(UInt8(left))
  }

  mutating func append(count: Int) { append(varint: UInt64(count)) }

  mutating func append(signed value: Int64) {
    append(varint: UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63))
  }

  mutating func append(quantity value: Int128) {
    var left = UInt128(bitPattern: value << 1) ^ UInt128(bitPattern: value >> 127)
    // Almost every amount is small: 64 bits are much quicker to shift.
    if left <= UInt128(UInt64.max) { return append(varint: UInt64(left)) }
    while left >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
      left >>= 7
    }
    bytes.append(UInt8(left))
  }

  mutating func append(_ text: String) {
    append(count: text.utf8.count)
    append(text.utf8)
  }

  mutating func append(_ texts: [String]) {
    append(count: texts.count)
    for text in texts { append(text) }
  }

  var capacity: Int { bytes.capacity }

  /// Starts anew in the same memory.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// For changes in place.
  mutating func withBytes<Result, Failure>(_ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result)
    throws(Failure) -> Result
  {
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(Failure) in
      try body(UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Writes a number over the one that was appended there.
  mutating func setLength(at place: Int, to length: UInt32) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: length.littleEndian, toByteOffset: place, as: UInt32.self) }
  }

  /// Appends a section: its tag, its length in 64 bits, and what `body` appends.
  mutating func appendSection(_ tag: SectionTag, _ body: (inout ByteWriter) -> Void) {
    append(tag.rawValue.utf8)
    let place = bytes.count
    append(fixed: UInt64(0))
    body(&self)
    let length = UInt64(bytes.count - place - 8)
    withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(place..<(place + 8), with: $0) }
  }
}
