/// Why bytes are not a time zone file that can be used.
package enum TZifError: Error, Hashable, Sendable {
  /// The first four bytes are not `TZif`.
  case notTZif
  case unknownVersion(UInt8)
  /// The header promises more bytes than there are.
  case truncated
  /// A count in the header that no valid file has.
  case impossibleCount
  /// More transitions than are kept (8,192; the largest real zone has a few hundred).
  case tooManyTransitions(Int)
  case transitionsOutOfOrder
  /// A transition refers to a time type that is not there.
  case unknownTimeType(UInt8)
  /// More than 26 hours from UTC.
  case offsetOutOfRange(Int32)
  /// The file counts leap seconds ("right/" zones); Unix time does not.
  case leapSeconds
  /// The rule after the last transition is not a POSIX `TZ` string.
  case invalidFooter
}
