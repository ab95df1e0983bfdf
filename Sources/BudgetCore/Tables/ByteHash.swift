internal import CHints

/// Hashes and compares short runs of bytes, 16 at a time.
///
/// The mixing step is the multiply-fold of wyhash (Wang Yi, public domain): a 64 x 64 -> 128 bit product
/// whose halves are xored. The seed is secret and random for each process, so that a sender cannot
/// prepare colliding tags. Public, not package: no other code is inlined into another module, and each line is hashed.
public enum ByteHash {
  @usableFromInline static var first: UInt64 { @inlinable get { 0xa076_1d64_78bd_642f } }
  @usableFromInline static var second: UInt64 { @inlinable get { 0xe703_7ed1_a0b4_28db } }

  @inlinable @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  @inlinable @inline(__always)
  static func load64(_ pointer: UnsafeRawPointer) -> UInt64 {
    pointer.loadUnaligned(as: UInt64.self)
  }

  /// The hash of `count` bytes; O(count / 16).
  @inlinable @inline(__always)
  public static func hash(_ start: UnsafeRawPointer, count: Int, seed: UInt64) -> UInt64 {
    // The seed is in both factors: a key that could make one of them 0 would forget all that came before.
    let secret = seed ^ second
    var state = seed ^ first
    if count >= 16 {
      var pointer = start
      let last = start + (count &- 16)
      while pointer < last {
        state = fold(load64(pointer) ^ secret, load64(pointer + 8) ^ state)
        pointer += 16
      }
      // Together with some that are mixed in already.
      state = fold(load64(last) ^ secret, load64(last + 8) ^ state)
    } else {
      let (low, high) = short(start, count)
      state = fold(low ^ secret, high ^ state)
    }
    return fold(state ^ first, UInt64(truncatingIfNeeded: count) ^ second)
  }

  /// Less than 16 bytes, as two numbers.
  @inlinable
  static func short(_ start: UnsafeRawPointer, _ count: Int) -> (low: UInt64, high: UInt64) {
    if count >= 8 { return (load64(start), load64(start + (count &- 8))) }
    if count >= 4 {
      return (
        UInt64(start.loadUnaligned(as: UInt32.self)), UInt64((start + (count &- 4)).loadUnaligned(as: UInt32.self))
      )
    }
    guard count > 0 else { return (0, 0) }
    let bytes =
      UInt64(start.load(as: UInt8.self)) << 16
      | UInt64((start + count / 2).load(as: UInt8.self)) << 8
      | UInt64((start + (count &- 1)).load(as: UInt8.self))
    return (bytes, 0)
  }

  package static func hash(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
    bytes.withUnsafeBytes { hash($0.baseAddress ?? emptyByte, count: $0.count, seed: seed) }
  }

  /// Whether two runs of `count` bytes are the same.
  @inline(__always)
  package static func equal(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Bool {
    if count >= 32 { return chints_equal(left, right, count) }
    var offset = 0
    while offset &+ 8 <= count {
      if load64(left + offset) != load64(right + offset) { return false }
      offset &+= 8
    }
    while offset < count {
      if (left + offset).load(as: UInt8.self) != (right + offset).load(as: UInt8.self) { return false }
      offset += 1
    }
    return true
  }

  /// Whether no byte has its highest bit set.
  @inline(__always)
  package static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var all: UInt64 = 0
    var offset = 0
    while offset + 8 <= bytes.count {
      all |= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < bytes.count {
      all |= UInt64(bytes[offset])
      offset += 1
    }
    return all & 0x8080_8080_8080_8080 == 0
  }

  /// An address for empty runs, which are never read.
  package nonisolated(unsafe) static let emptyByte: UnsafeRawPointer = {
    let byte = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
    byte.storeBytes(of: 0, as: UInt64.self)
    return UnsafeRawPointer(byte)
  }()
}
