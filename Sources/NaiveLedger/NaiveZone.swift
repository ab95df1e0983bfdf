import BudgetCore

/// A zone as a list of the changes of its clocks from 2025 to 2027, written down by hand from its laws; before and
/// after that they never change.
struct NaiveZone: Sendable {
  /// A wall time in UTC, and the offset in seconds that holds from then on.
  typealias Change = (year: Int, month: Int, day: Int, hour: Int, minute: Int, offset: Int64)

  let name: String
  private let firstOffset: Int64
  /// Seconds since the epoch, ascending.
  let changes: [(at: Int64, offset: Int64)]

  private init(_ name: String, before firstOffset: Int64, _ changes: [Change] = []) {
    self.name = name
    self.firstOffset = firstOffset
    self.changes = changes.map { change in
      let day = NaiveDate.dayNumber(change.year, change.month, change.day)
      return (day * 86_400 + Int64(change.hour * 3600 + change.minute * 60), change.offset)
    }
  }

  static let utc = NaiveZone("UTC", before: 0)

  /// The last Sunday of March and of October, at 1:00 UTC.
  static let berlin = NaiveZone(
    "Europe/Berlin", before: 3600,
    [
      (2025, 3, 30, 1, 0, 7200), (2025, 10, 26, 1, 0, 3600), (2026, 3, 29, 1, 0, 7200), (2026, 10, 25, 1, 0, 3600),
      (2027, 3, 28, 1, 0, 7200), (2027, 10, 31, 1, 0, 3600),
    ])

  /// The second Sunday of March and the first of November, at 2:00 local time.
  static let newYork = NaiveZone(
    "America/New_York", before: -18_000,
    [
      (2025, 3, 9, 7, 0, -14_400), (2025, 11, 2, 6, 0, -18_000), (2026, 3, 8, 7, 0, -14_400),
      (2026, 11, 1, 6, 0, -18_000), (2027, 3, 14, 7, 0, -14_400), (2027, 11, 7, 6, 0, -18_000),
    ])

  /// Half an hour, on the first Sundays of April and October, at 2:00 local time.
  static let lordHowe = NaiveZone(
    "Australia/Lord_Howe", before: 39_600,
    [
      (2025, 4, 5, 15, 0, 37_800), (2025, 10, 4, 15, 30, 39_600), (2026, 4, 4, 15, 0, 37_800),
      (2026, 10, 3, 15, 30, 39_600), (2027, 4, 3, 15, 0, 37_800), (2027, 10, 2, 15, 30, 39_600),
    ])

  /// At midnight: a Sunday in September starts at 1:00, a Saturday in April shows its last hour twice.
  static let santiago = NaiveZone(
    "America/Santiago", before: -10_800,
    [
      (2025, 4, 6, 3, 0, -14_400), (2025, 9, 7, 4, 0, -10_800), (2026, 4, 5, 3, 0, -14_400),
      (2026, 9, 6, 4, 0, -10_800), (2027, 4, 4, 3, 0, -14_400), (2027, 9, 5, 4, 0, -10_800),
    ])

  func offset(at seconds: Int64) -> Int64 { changes.last { $0.at <= seconds }?.offset ?? firstOffset }

  /// The same zone for the core, as a version 1 TZif file (RFC 8536, section 3) that its parser reads.
  var rules: TimeZoneRules {
    var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
    func append(_ value: Int64) {
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> Int64(shift))) }
    }
    let kept = changes.filter { $0.at < Int64(Int32.max) }
    for count in [0, 0, 0, kept.count, kept.count + 1, 1] { append(Int64(count)) }
    for change in kept { append(change.at) }
    for type in kept.indices { bytes.append(UInt8(type + 1)) }
    for offset in [firstOffset] + kept.map(\.offset) {
      append(offset)
      bytes += [0, 0]
    }
    bytes.append(0)
    do {
      return try TimeZoneRules(tzif: bytes)
    } catch {
      preconditionFailure("\(name) is no time zone file: \(error)")
    }
  }
}
