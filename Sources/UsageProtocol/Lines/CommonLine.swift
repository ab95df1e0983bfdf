internal import CHints

/// `tokens:1234|c|#tags`: what nearly all lines are, read in one pass from its first byte to its last.
///
/// Says nothing of other lines, nor of those that are wrong: the parser reads them from their beginning.
struct CommonLine {
  var tokens: Int64
  /// They end where the line does.
  var tags: UnsafeRawBufferPointer
  /// Where the next line starts.
  var next: Int

  /// `nil` when the line at `start` is any other.
  @inline(__always)
  init?(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    // Below this length there is no tag, and `lineEnd` may look at what is before the end.
    guard let base = bytes.baseAddress, start <= bytes.count &- Self.shortest else { return nil }
    let name = base.loadUnaligned(fromByteOffset: start, as: UInt64.self)
    guard name & 0x00FF_FFFF_FFFF_FFFF == MetricName.tokensAndColon else { return nil }

    let number = Digits(base.loadUnaligned(fromByteOffset: start &+ 7, as: UInt64.self))
    let type = start &+ 7 &+ number.count
    guard number.count > 0, type &+ 4 <= bytes.count,
      base.loadUnaligned(fromByteOffset: type, as: UInt32.self).littleEndian == Self.counterWithTags
    else { return nil }

    let firstTag = base + (type &+ 4)
    let limit = base + bytes.count
    var end = Self.lineEnd(from: firstTag, limit)
    guard bytes.count <= LineParser.longestLine || end - (base + start) <= LineParser.longestLine else { return nil }
    next = (end - base) &+ 1
    if end < limit, end.load(as: UInt8.self) == UInt8(ascii: "|") { return nil }
    if (end - 1).load(as: UInt8.self) == UInt8(ascii: "\r") { end -= 1 }
    tokens = number.value
    tags = UnsafeRawBufferPointer(start: firstTag, count: end - firstTag)
  }

  private static let shortest = 16

  /// The decimal digits that eight bytes begin with, all of them looked at together.
  private struct Digits {
    /// 8 when the number may go on behind.
    let count: Int
    private let text: UInt64

    @inline(__always)
    init(_ bytes: UInt64) {
      text = bytes.littleEndian
      // A digit less "0" is below 10: neither that nor 6 more than the digit reaches the highest bit of its half.
      let others = ((text &+ 0x4646_4646_4646_4646) | (text &- 0x3030_3030_3030_3030)) & 0x8080_8080_8080_8080
      count = others.trailingZeroBitCount >> 3
    }

    /// Of at least one digit.
    @inline(__always)
    var value: Int64 {
      // The digits behind zeros, the first one lowest; then pairs, fours and the eight are put together.
      let digits = (text &- 0x3030_3030_3030_3030) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
      let pairs = (digits &* 10) &+ (digits >> 8)
      let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
      let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
      return Int64(truncatingIfNeeded: (low &+ high) >> 32)
    }
  }

  /// `|c|#` as a little-endian number.
  private static let counterWithTags: UInt32 = 0x237C_637C

  /// The first newline or bar from `start` on, or the limit. There are at least `shortest` bytes before that.
  @inline(__always)
  private static func lineEnd(from start: UnsafeRawPointer, _ limit: UnsafeRawPointer) -> UnsafeRawPointer {
    let last = limit - 16
    var place = start
    while place <= last {
      let ends = ends(place)
      if ends != 0 { return place + ends.trailingZeroBitCount }
      place += 16
    }
    // The last bytes are looked at together with some that were seen before.
    let unseen = ends(last) &>> UInt32(truncatingIfNeeded: place - last)
    return unseen != 0 ? place + unseen.trailingZeroBitCount : limit
  }

  /// Which of sixteen bytes are newlines or bars.
  @inline(__always)
  private static func ends(_ start: UnsafeRawPointer) -> UInt32 {
    chints_match(start, UInt8(ascii: "\n"), UInt8(ascii: "|"))
  }
}
