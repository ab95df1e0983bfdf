extension RecurringRule {
  /// Reads a POSIX `TZ` string as TZif footers carry it: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+03>-3`.
  ///
  /// Hours of a change reach from -167 to 167 (RFC 8536, section 3.3.1). `nil` when the text is anything else;
  /// daylight time without its two changes is refused too, since nothing says when it would be kept.
  init?(posix text: ArraySlice<UInt8>) {
    var reader = RecurringRuleReader(text: text)
    guard reader.skipName(), let west = reader.time(hours: 0...24) else { return nil }
    // POSIX counts offsets west of Greenwich.
    standardOffset = Int32(-west)
    guard !reader.atEnd else { return }
    guard reader.skipName() else { return nil }
    var daylightOffset = Int64(standardOffset) + 3600
    if !reader.next(is: ",") {
      guard let west = reader.time(hours: 0...24) else { return nil }
      daylightOffset = -west
    }
    guard reader.take(","), let start = reader.change(), reader.take(","), let end = reader.change(), reader.atEnd
    else { return nil }
    daylight = Daylight(offset: Int32(daylightOffset), start: start, end: end)
  }
}

/// A cursor over a POSIX `TZ` string.
private struct RecurringRuleReader {
  var text: ArraySlice<UInt8>

  var atEnd: Bool { text.isEmpty }

  func next(is character: Unicode.Scalar) -> Bool { text.first == UInt8(ascii: character) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next(is: character) else { return false }
    text.removeFirst()
    return true
  }

  /// `CEST` or `<+03>`.
  mutating func skipName() -> Bool {
    let quoted = take("<")
    var length = 0
    while let byte = text.first {
      let letter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      let digitOrSign =
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "+")
        || byte == UInt8(ascii: "-")
      guard letter || (quoted && digitOrSign) else { break }
      text.removeFirst()
      length += 1
    }
    if quoted { return length > 0 && take(">") }
    return length >= 3
  }

  /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
  mutating func time(hours: ClosedRange<Int64>) -> Int64? {
    let negative = take("-")
    if !negative { _ = take("+") }
    guard let hour = number(hours) else { return nil }
    var seconds = hour * 3600
    if take(":") {
      guard let minute = number(0...59) else { return nil }
      seconds += minute * 60
      if take(":") {
        guard let second = number(0...59) else { return nil }
        seconds += second
      }
    }
    return negative ? -seconds : seconds
  }

  mutating func change() -> RecurringRule.Change? {
    guard let day = day() else { return nil }
    guard take("/") else { return RecurringRule.Change(day: day, seconds: 7200) }
    guard let seconds = time(hours: 0...167) else { return nil }
    return RecurringRule.Change(day: day, seconds: seconds)
  }

  private mutating func day() -> RecurringRule.Day? {
    if take("J") {
      return number(1...365).map { .withoutLeapDay($0) }
    }
    if take("M") {
      guard let month = number(1...12), take("."), let week = number(1...5), take("."), let day = number(0...6) else {
        return nil
      }
      return .weekday(month: month, week: week, day: day)
    }
    return number(0...365).map { .zeroBased($0) }
  }

  /// One to three digits.
  private mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while let byte = text.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      guard digits < 3 else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      digits += 1
      text.removeFirst()
    }
    return digits > 0 && range.contains(value) ? value : nil
  }
}
