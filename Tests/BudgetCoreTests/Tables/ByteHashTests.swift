import Testing

@testable import BudgetCore

@Suite("Byte hash")
struct ByteHashTests {
  @Test("keys that differ in one byte, in length or in order hash apart", arguments: 1...64)
  func noTrivialCollisions(length: Int) {
    var hashes: Set<UInt64> = []
    var keys = 0
    for place in 0..<length {
      for value in [UInt8(1), 2, 0x7F, 0x80, 0xFF] {
        var key = [UInt8](repeating: 0, count: length)
        key[place] = value
        hashes.insert(ByteHash.hash(key, seed: 42))
        keys += 1
      }
    }
    hashes.insert(ByteHash.hash([UInt8](repeating: 0, count: length), seed: 42))
    hashes.insert(ByteHash.hash([UInt8](repeating: 0, count: length - 1), seed: 42))
    #expect(hashes.count == keys + 2)
  }

  @Test("both halves spread: a table's slots and the bits compared there")
  func spread() {
    var upper: Set<UInt64> = []
    var lower: Set<UInt64> = []
    for number in 0..<4096 {
      let hash = ByteHash.hash(Array("agent:\(number),model:gpt-4o".utf8), seed: 9)
      upper.insert(hash >> 32 & 0xFFF)
      lower.insert(hash & 0xFFF)
    }
    // 4096 random picks of 4096 hit 63 % of them.
    #expect(upper.count > 2400 && lower.count > 2400)
  }

  @Test("no bytes make a key forget what came before them, unless one knows the seed")
  func noForgetting() {
    // The constant of the mixing step, where its factor would become 0.
    let constant = withUnsafeBytes(of: UInt64(0xe703_7ed1_a0b4_28db).littleEndian) { Array($0) }
    for tail in [0, 8, 16, 24] {
      let hashes = Set(
        (0..<100).map { number -> UInt64 in
          let prefix = Array("\(100 + number) and so on...".utf8.prefix(16))
          return ByteHash.hash(prefix + constant + [UInt8](repeating: 1, count: tail), seed: 77)
        })
      #expect(hashes.count == 100)
    }
  }

  @Test("another seed is another hash")
  func seeds() {
    let key = Array("agent:a".utf8)
    #expect(Set((0..<100).map { ByteHash.hash(key, seed: $0) }).count == 100)
  }

  @Test("equal agrees with == at every length and difference")
  func equality() {
    for length in 0...140 {
      let left = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      for place in -1..<length {
        var right = left
        if place >= 0 { right[place] ^= 0x80 }
        let same = left.withUnsafeBytes { l in
          right.withUnsafeBytes { r in
            ByteHash.equal(l.baseAddress ?? ByteHash.emptyByte, r.baseAddress ?? ByteHash.emptyByte, count: length)
          }
        }
        #expect(same == (left == right))
      }
    }
  }
}
