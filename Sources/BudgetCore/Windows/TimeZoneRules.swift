/// What a time zone's clocks show: offsets from UTC over time.
///
/// Parsed from a TZif file (RFC 8536); reading the file is the caller's work.
package struct TimeZoneRules: Hashable, Sendable {
  package static let utc = TimeZoneRules()

  package init() {}

  /// Seconds that local time is ahead of UTC at an instant (seconds since the epoch).
  package func offset(at seconds: Int64) -> Int32 { 0 }
}
