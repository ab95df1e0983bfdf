/// When a changed limit ends, as an operator says it: at a time, or after a while.
package enum LimitEnd: Hashable, Sendable {
  case at(Instant)
  case after(Interval)

  package func instant(from now: Moment) -> Instant {
    switch self {
    case .at(let instant): instant
    case .after(let interval): now.wall + interval
    }
  }

  /// `2026-11-21T03:00:00Z`, with any offset, or a duration such as `1h`; `nil` for anything else.
  package init?(_ text: String) {
    if let interval = DurationText.parse(text), interval > .zero {
      self = .after(interval)
    } else if let instant = Instant(rfc3339: text) {
      self = .at(instant)
    } else {
      return nil
    }
  }
}

extension Instant {
  /// Reads RFC 3339 with a time zone, fractions to the nanosecond; `nil` for anything else. Years 1970 to 2261.
  package init?(rfc3339 text: String) {
    var bytes = text.utf8[...]
    func number(_ digits: Int) -> Int64? {
      let part = bytes.prefix(digits)
      guard part.count == digits, part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
        return nil
      }
      bytes = bytes.dropFirst(digits)
      return part.reduce(0) { $0 * 10 + Int64($1) - 48 }
    }
    func skip(_ characters: String) -> Bool {
      guard let first = bytes.first, characters.utf8.contains(first) else { return false }
      bytes = bytes.dropFirst()
      return true
    }
    guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2), skip("Tt "),
      let hour = number(2), skip(":"), let minute = number(2), skip(":"), let second = number(2),
      (1970...2261).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date else { return nil }
    var fraction: Int64 = 0
    if skip(".") {
      var unit: Int64 = 100_000_000
      var digits = 0
      while let digit = number(1) {
        fraction += digit * unit
        unit /= 10
        digits += 1
      }
      guard (1...9).contains(digits) else { return nil }
    }
    var offset: Int64 = 0
    if !skip("Zz") {
      guard let sign = bytes.first, skip("+-"), let hours = number(2), skip(":"), let minutes = number(2), hours < 24,
        minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
    guard bytes.isEmpty else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second - offset
    self.init(nanoseconds: seconds.saturatingMultiply(1_000_000_000).saturatingAdd(fraction))
  }
}
