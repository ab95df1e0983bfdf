extension Instant {
  /// The instant in UTC as RFC 3339 writes it, to the millisecond where there are any: `2026-11-21T03:00:00Z`.
  package var rfc3339: String {
    let days = seconds.flooredQuotient(86_400)
    let date = CivilDate(daysSinceEpoch: days)
    let second = seconds - days * 86_400
    func padded(_ value: Int64, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
    var text = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
    text += "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    let milliseconds = (nanoseconds.flooredRemainder(1_000_000_000)) / 1_000_000
    if milliseconds != 0 { text += "." + padded(milliseconds, 3) }
    return text + "Z"
  }
}
