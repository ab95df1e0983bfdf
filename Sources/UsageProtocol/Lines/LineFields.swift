import BudgetCore

/// What stands behind the type of a line: `|@rate`, `|#tags`, `|Ttimestamp` and fields that mean nothing here.
struct LineFields {
  var tags = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Billionths, 1 to 1,000,000,000: the share of occurrences that were sent. Further decimals are dropped.
  var rate: UInt128 = wholeRate
  var timestamp = UsageEvent.noTimestamp

  static let wholeRate: UInt128 = 1_000_000_000

  /// Reads the fields of `line[position...]`, in any order; unknown ones are passed over, because clients gain
  /// new fields with each update. Of two fields of one kind the later counts.
  @inline(__always)
  init(_ line: UnsafeRawBufferPointer, from start: Int) throws(LineRefusal) {
    var position = start
    while position < line.count {
      // At a bar.
      let fieldStart = position + 1
      let fieldEnd = Bytes.index(of: UInt8(ascii: "|"), in: line, from: fieldStart)
      if fieldStart < fieldEnd {
        let field = UnsafeRawBufferPointer(rebasing: line[(fieldStart + 1)..<fieldEnd])
        switch line[fieldStart] {
        case UInt8(ascii: "#"): tags = field
        case UInt8(ascii: "@"): rate = try Self.rate(field)
        case UInt8(ascii: "T"): timestamp = try Self.timestamp(field)
        default: break
        }
      }
      position = fieldEnd
    }
  }

  private static func rate(_ bytes: UnsafeRawBufferPointer) throws(LineRefusal) -> UInt128 {
    guard let number = Decimal(bytes), !number.isNegative,
      let billionths = number.fixedPoint(scale: 9, bound: wholeRate)
    else { throw .rejected(.badSampleRate) }
    guard billionths.whole > 0, billionths.whole < wholeRate || (billionths.fraction == 0 && billionths.isExact) else {
      throw .rejected(.badSampleRate)
    }
    return billionths.whole
  }

  private static func timestamp(_ bytes: UnsafeRawBufferPointer) throws(LineRefusal) -> Int64 {
    guard !bytes.isEmpty, bytes.count <= 12 else { throw .rejected(.badTimestamp) }
    var seconds: Int64 = 0
    for byte in bytes {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .rejected(.badTimestamp) }
      seconds = seconds * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return seconds
  }
}

/// Why a line made no event.
enum LineRefusal: Error {
  case rejected(RejectReason)
  case ignored(IgnoreReason)
}
