import Testing

@testable import Ingestion

@Suite("Cutting a stream into blocks of lines")
struct LineBlocksTests {
  /// Feeds `chunks` through a small buffer and gives back the blocks and the number of skipped lines.
  private func cut(
    _ chunks: [[UInt8]], capacity: Int = 64, longestLine: Int = 8
  ) -> (blocks: [[UInt8]], tooLong: Int) {
    let lines = LineBlocks(capacity: capacity, longestLine: longestLine)
    var blocks: [[UInt8]] = []
    for chunk in chunks {
      var rest = chunk[...]
      while !rest.isEmpty {
        let room = lines.makeRoom()
        let part = rest.prefix(room.count)
        room.copyBytes(from: part)
        lines.append(part.count) { blocks.append([UInt8]($0)) }
        rest = rest.dropFirst(part.count)
      }
    }
    lines.finish { blocks.append([UInt8]($0)) }
    return (blocks, lines.linesTooLong)
  }

  @Test(
    "complete lines are handed over as one block, the rest waits for its newline",
    arguments: [
      ([], []), ([""], []), (["a\nb\n"], ["a\nb\n"]), (["a", "b", "\n"], ["ab\n"]),
      (["a\nb", "c\n"], ["a\n", "bc\n"]), (["a\r\nb\r\n"], ["a\r\nb\r\n"]), (["\n\n"], ["\n\n"]),
      (["a\nlast"], ["a\n", "last"]), (["a\n", "\n"], ["a\n", "\n"]),
    ])
  func blocks(chunks: [String], expected: [String]) {
    let (blocks, tooLong) = cut(chunks.map { Array($0.utf8) })
    #expect(blocks.map { String(decoding: $0, as: UTF8.self) } == expected)
    #expect(tooLong == 0)
  }

  @Test(
    "a line that is too long is skipped to its newline and counted once",
    arguments: [
      (["12345678\n"], "12345678\n", 0), (["123456789\n"], "", 1), (["a\n123456789\nb\n"], "a\nb\n", 1),
      (["12345", "6789", "0123", "\nb\n"], "b\n", 1), (["123456789", "123456789"], "", 1),
      (["123456789\n123456789\n"], "", 2), (["123456789", "\n"], "", 1), (["12345678", "\n"], "12345678\n", 0),
      (["a\nb\n123456789"], "a\nb\n", 1), (["123456789\na"], "a", 1), (["12345678"], "12345678", 0),
    ])
  func tooLong(chunks: [String], kept: String, count: Int) {
    let (blocks, tooLong) = cut(chunks.map { Array($0.utf8) })
    #expect(String(decoding: blocks.joined(), as: UTF8.self) == kept)
    #expect(tooLong == count)
  }

  @Test("however a stream is chopped, every line that fits arrives once", arguments: 0..<300 as Range<UInt64>)
  func anyChopping(seed: UInt64) {
    var random = SplitMix(state: seed)
    let stream = (0..<Int.random(in: 0...400, using: &random)).map { _ -> UInt8 in
      Int.random(in: 0..<6, using: &random) == 0 ? 0x0A : UInt8.random(in: 0x61...0x7A, using: &random)
    }
    var chunks: [[UInt8]] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...90, using: &random)
      chunks.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    let longest = Int.random(in: 1...12, using: &random)
    let capacity = 2 * (longest + 1) + Int.random(in: 0...40, using: &random)

    var lines = stream.split(separator: 0x0A, omittingEmptySubsequences: false)
    let last = lines.removeLast()
    let kept: [UInt8] = lines.filter { $0.count <= longest }.flatMap { [UInt8]($0) + [0x0A] }
    let keptLast = last.count <= longest ? Array(last) : []
    let skipped = lines.count { $0.count > longest } + (last.count > longest ? 1 : 0)

    let (blocks, tooLong) = cut(chunks, capacity: capacity, longestLine: longest)
    #expect(Array(blocks.joined()) == kept + keptLast, "seed \(seed)")
    #expect(tooLong == skipped, "seed \(seed)")
    #expect(blocks.dropLast(keptLast.isEmpty ? 0 : 1).allSatisfy { $0.last == 0x0A }, "seed \(seed)")
  }
}

/// A small seeded generator, so that a failing case can be had again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
