import BudgetCore

/// The name before the first colon of a line.
enum MetricName {
  case usage(UsageEvent.Kind)
  /// Not ours: to be counted and dropped, if the rest of the line is in order.
  case other

  /// The name and where the value starts.
  @inline(__always)
  static func read(_ line: UnsafeRawBufferPointer) throws(LineRefusal) -> (name: MetricName, valueStart: Int) {
    if line.count > 8, line.loadUnaligned(as: UInt64.self) & 0x00FF_FFFF_FFFF_FFFF == tokensAndColon {
      return (.usage(.tokens), 7)
    }
    return try readAny(line)
  }

  /// `tokens:` as a little-endian number.
  static let tokensAndColon: UInt64 = 0x003A_736E_656B_6F74

  private static func readAny(_ line: UnsafeRawBufferPointer) throws(LineRefusal) -> (name: MetricName, valueStart: Int)
  {
    if starts(line, with: "_e{") { throw .ignored(.event) }
    if starts(line, with: "_sc|") { throw .ignored(.serviceCheck) }
    let colon = Bytes.index(of: UInt8(ascii: ":"), in: line, from: 0)
    guard colon < line.count else { throw .rejected(.missingValue) }
    guard colon > 0 else { throw .rejected(.missingName) }
    let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
    guard Bytes.index(of: UInt8(ascii: "|"), in: name, from: 0) == colon else { throw .rejected(.missingValue) }
    for (text, kind) in [
      ("requests", .requests), ("cost", .cost), ("duration", .duration), ("items", .items), ("tokens", .tokens),
    ] as [(StaticString, UsageEvent.Kind)] where name.count == text.utf8CodeUnitCount && starts(name, with: text) {
      return (.usage(kind), colon + 1)
    }
    guard String(validating: name, as: UTF8.self) != nil else { throw .rejected(.invalidUTF8) }
    return (.other, colon + 1)
  }

  private static func starts(_ bytes: UnsafeRawBufferPointer, with text: StaticString) -> Bool {
    guard bytes.count >= text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where bytes[index] != text.utf8Start[index] { return false }
    return true
  }

  /// What the line counts; `nil` for a metric that is not ours.
  @inline(__always)
  func kind(for type: MetricType) throws(LineRefusal) -> UsageEvent.Kind? {
    guard case .usage(let kind) = self else { return nil }
    let fits =
      switch kind {
      case .tokens, .cost, .requests, .items: type == .counter
      case .duration: type == .timer || type == .histogram || type == .distribution
      }
    // One name has one type: a gauge of a name that counts is a mistake of its sender.
    guard fits else { throw .rejected(.conflictingType) }
    return kind
  }
}

/// The type behind the first bar of a line.
enum MetricType {
  case counter, gauge, timer, histogram, distribution, set

  /// The type and where it ends.
  @inline(__always)
  static func read(_ line: UnsafeRawBufferPointer, from bar: Int) throws(LineRefusal) -> (type: MetricType, end: Int) {
    let start = bar + 1
    guard start < line.count else { throw .rejected(.missingType) }
    if line[start] == UInt8(ascii: "c"), start + 1 == line.count || line[start + 1] == UInt8(ascii: "|") {
      return (.counter, start + 1)
    }
    let end = Bytes.index(of: UInt8(ascii: "|"), in: line, from: start)
    guard end > start else { throw .rejected(.missingType) }
    switch (line[start], end - start) {
    case (UInt8(ascii: "g"), 1): return (.gauge, end)
    case (UInt8(ascii: "h"), 1): return (.histogram, end)
    case (UInt8(ascii: "d"), 1): return (.distribution, end)
    case (UInt8(ascii: "s"), 1): return (.set, end)
    case (UInt8(ascii: "m"), 2) where line[start + 1] == UInt8(ascii: "s"): return (.timer, end)
    default: throw .rejected(.unknownType)
    }
  }
}
