import BudgetCore

/// Reads what `ByteWriter` wrote. Whatever the bytes are, it answers a value or throws.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  var left: Int { bytes.count - position }

  private static let endsEarly = SnapshotError.inconsistent("the content ends in the middle of a value")

  mutating func skip(_ count: Int) throws(SnapshotError) { _ = try take(count) }

  mutating func take(_ count: Int) throws(SnapshotError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= left else { throw Self.endsEarly }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
  }

  /// What was read since this reader was copied.
  func taken(since start: ByteReader) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[start.position..<position])
  }

  mutating func byte() throws(SnapshotError) -> UInt8 {
    guard position < bytes.count else { throw Self.endsEarly }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func fixed<Value: FixedWidthInteger>() throws(SnapshotError) -> Value {
    let size = MemoryLayout<Value>.size
    return Value(littleEndian: try take(size).loadUnaligned(as: Value.self))
  }

  mutating func double() throws(SnapshotError) -> Double { Double(bitPattern: try fixed()) }

  @inline(__always)
  mutating func varint() throws(SnapshotError) -> UInt64 {
    // Almost every number is a length, and short.
    if position < bytes.count, bytes[position] < 0x80 {
      defer { position += 1 }
      return UInt64(bytes[position])
    }
    return try longVarint()
  }

  private mutating func longVarint() throws(SnapshotError) -> UInt64 {
    var value: UInt64 = 0
    var shift = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw .inconsistent("a number has more than 64 bits") }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
      shift += 7
    }
  }

  /// A number that counts what follows: each takes at least one byte.
  mutating func count() throws(SnapshotError) -> Int {
    let count = try varint()
    guard count <= UInt64(left) else { throw .inconsistent("a list is longer than the content") }
    return Int(count)
  }

  mutating func signed() throws(SnapshotError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  mutating func quantity() throws(SnapshotError) -> Int128 {
    var low: UInt64 = 0
    var shift = 0
    // Almost every amount is small: 64 bits are much quicker to shift.
    while shift < 63 {
      let next = try byte()
      low |= UInt64(truncatingIfNeeded: next & 0x7F) << UInt64(truncatingIfNeeded: shift)
      if next < 0x80 { return Int128(Int64(bitPattern: low >> 1) ^ -Int64(bitPattern: low & 1)) }
      shift += 7
    }
    var value = UInt128(low)
    while true {
      let next = try byte()
      guard shift < 126 || next <= 3 else { throw .inconsistent("a number has more than 128 bits") }
      value |= UInt128(next & 0x7F) << UInt128(shift)
      if next < 0x80 { return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1) }
      shift += 7
    }
  }

  /// A count of something, at most `Int64.max`.
  mutating func amount() throws(SnapshotError) -> Int64 {
    guard let amount = Int64(exactly: try varint()) else { throw .inconsistent("an amount is out of bounds") }
    return amount
  }

  mutating func text() throws(SnapshotError) -> String {
    let bytes = try take(count())
    if ByteHash.isASCII(bytes) { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .inconsistent("a text is not UTF-8")
    }
    return text
  }

  mutating func texts() throws(SnapshotError) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try count()) { texts.append(try text()) }
    return texts
  }
}
