extension TimeZoneRules {
  /// Reads a TZif file (RFC 8536 and its successor RFC 9636, versions 1 to 4).
  ///
  /// The 64-bit data is used when present, and then the footer for every instant after the last transition. Any
  /// bytes are safe to pass. O(bytes), at most 8,192 transitions.
  package init(tzif: [UInt8]) throws(TZifError) {
    var reader = TZifReader(bytes: tzif)
    let header = try reader.header()
    guard header.version != 0 else {
      self = try reader.rules(header, timeSize: 4, footer: nil)
      return
    }
    try reader.skip(header.blockSize(timeSize: 4))
    let wide = try reader.header()
    let footer = try TZifReader(bytes: tzif, position: reader.position + wide.blockSize(timeSize: 8)).footer()
    self = try reader.rules(wide, timeSize: 8, footer: footer)
  }
}

private struct TZifHeader {
  var version: UInt8
  var utcIndicators: Int
  var standardIndicators: Int
  var leapSeconds: Int
  var transitions: Int
  var types: Int
  var nameBytes: Int

  /// Counts are at most 2^16 each (checked when read), so no sum overflows.
  func blockSize(timeSize: Int) -> Int {
    transitions * (timeSize + 1) + types * 6 + nameBytes + leapSeconds * (timeSize + 4) + standardIndicators
      + utcIndicators
  }
}

/// A cursor over the bytes of a TZif file.
private struct TZifReader {
  static let mostTransitions = 8192

  var bytes: [UInt8]
  var position = 0

  mutating func skip(_ count: Int) throws(TZifError) {
    guard count <= bytes.count - position else { throw .truncated }
    position += count
  }

  mutating func header() throws(TZifError) -> TZifHeader {
    guard bytes.count - position >= 44 else {
      throw bytes.count < 4 || !bytes[..<4].elementsEqual("TZif".utf8) ? .notTZif : .truncated
    }
    guard bytes[position..<(position + 4)].elementsEqual("TZif".utf8) else { throw .notTZif }
    let version = bytes[position + 4]
    // Version 1 is a zero byte; a later version than 4 may add, but not change, what is read here.
    guard version == 0 || (UInt8(ascii: "2")...UInt8(ascii: "9")).contains(version) else {
      throw .unknownVersion(version)
    }
    position += 20
    var counts: [Int] = []
    for _ in 0..<6 {
      let count = integer(size: 4)
      guard (0...65_536).contains(count) else { throw .impossibleCount }
      counts.append(Int(count))
    }
    return TZifHeader(
      version: version, utcIndicators: counts[0], standardIndicators: counts[1], leapSeconds: counts[2],
      transitions: counts[3], types: counts[4], nameBytes: counts[5])
  }

  mutating func rules(
    _ header: TZifHeader, timeSize: Int, footer: RecurringRule?
  ) throws(TZifError) -> TimeZoneRules {
    guard header.transitions <= Self.mostTransitions else { throw .tooManyTransitions(header.transitions) }
    guard header.leapSeconds == 0 else { throw .leapSeconds }
    guard (1...256).contains(header.types) else { throw .impossibleCount }
    guard header.blockSize(timeSize: timeSize) <= bytes.count - position else { throw .truncated }

    var times: [Int64] = []
    times.reserveCapacity(header.transitions)
    for _ in 0..<header.transitions {
      let time = integer(size: timeSize)
      if let last = times.last, time <= last { throw .transitionsOutOfOrder }
      times.append(time)
    }
    let indices = bytes[position..<(position + header.transitions)]
    position += header.transitions
    var types: [Int32] = []
    for _ in 0..<header.types {
      let offset = Int32(truncatingIfNeeded: integer(size: 4))
      guard Int64(offset).magnitude <= UInt64(TimeZoneRules.largestOffset) else { throw .offsetOutOfRange(offset) }
      types.append(offset)
      position += 2
    }
    return try joined(times, indices, types, footer)
  }

  /// The last transition is always kept: the footer governs from there on.
  private func joined(
    _ times: [Int64], _ indices: ArraySlice<UInt8>, _ types: [Int32], _ footer: RecurringRule?
  ) throws(TZifError) -> TimeZoneRules {
    var first = types[0]
    var current = first
    var transitions: [Int64] = []
    var offsets: [Int32] = []
    var footer = footer
    for (number, (time, index)) in zip(times, indices).enumerated() {
      guard Int(index) < types.count else { throw .unknownTimeType(index) }
      let offset = types[Int(index)]
      if time < -TimeZoneRules.farthest {
        // Before any instant: it only says what the first offset is.
        first = offset
      } else if time > TimeZoneRules.farthest {
        // After any instant, and so is the footer.
        footer = nil
        break
      } else if offset != current || number == times.count - 1 {
        transitions.append(time)
        offsets.append(offset)
      }
      current = offset
    }
    return TimeZoneRules(firstOffset: first, transitions: transitions, offsets: offsets, footer: footer)
  }

  /// The text between two newlines; empty means that the last offset stays.
  func footer() throws(TZifError) -> RecurringRule? {
    guard position < bytes.count else { throw .truncated }
    guard bytes[position] == UInt8(ascii: "\n"),
      let end = bytes[(position + 1)...].firstIndex(of: UInt8(ascii: "\n"))
    else { throw .invalidFooter }
    let text = bytes[(position + 1)..<end]
    if text.isEmpty { return nil }
    guard let rule = RecurringRule(posix: text) else { throw .invalidFooter }
    return rule
  }

  /// A big-endian signed integer; the caller has checked that it is there.
  private mutating func integer(size: Int) -> Int64 {
    var value: UInt64 = 0
    for byte in bytes[position..<(position + size)] { value = value << 8 | UInt64(byte) }
    position += size
    return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }
}
