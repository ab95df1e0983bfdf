/// Durations as Prometheus writes them: `1h30m`, `24h`, `7d`, `500ms`.
package enum DurationText {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("y", 365 * 86_400_000_000_000), ("w", 7 * 86_400_000_000_000), ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
  ]

  /// `nil` for anything but numbers with their units, each unit at most once and the larger first, or `0`.
  package static func parse(_ text: some StringProtocol) -> Interval? {
    if text == "0" { return .zero }
    var rest = text.utf8[...]
    var total: Int64 = 0
    var remaining = units[...]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard (1...18).contains(digits.count), let count = Int64(String(decoding: digits, as: UTF8.self)) else {
        return nil
      }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
      rest = rest.dropFirst(letters.count)
      guard let index = remaining.firstIndex(where: { letters.elementsEqual($0.name.utf8) }) else { return nil }
      let (product, tooLarge) = count.multipliedReportingOverflow(by: units[index].nanoseconds)
      let (sum, tooLong) = total.addingReportingOverflow(product)
      guard !tooLarge, !tooLong else { return nil }
      total = sum
      remaining = units[(index + 1)...]
    }
    return Interval(nanoseconds: total)
  }

  /// Such a text of a duration: `24h`, `1h30m`, `7d`, `500ms`.
  package static func text(_ interval: Interval) -> String {
    var left = max(0, interval.nanoseconds)
    guard left > 0 else { return "0s" }
    var text = ""
    // Years and weeks are left out (366d says more than 1y1d), and a few whole days read better as hours.
    for (name, nanoseconds) in units.dropFirst(2) {
      let count = left / nanoseconds
      if name == "d", left % nanoseconds != 0 || count < 4 { continue }
      guard count > 0 else { continue }
      text += "\(count)\(name)"
      left %= nanoseconds
    }
    return text
  }
}
