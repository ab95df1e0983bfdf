/// The format of a usage log: words of two u32, little-endian, each of which may be followed by bytes of its own.
///
/// | Bits 0-2 of the first u32 | The others | The second u32 | What follows |
/// |---|---|---|---|
/// | 0-4, a kind of `UsageEvent` | bit 3: with details; from bit 4 on the number of its tags | its amount | the details, if it has any |
/// | 5 | from bit 4 on the number that these tags get: the next free one, or one that has tags already | length | the tags |
/// | 6 | 0 | length | the tags of the event that follows, whose number means nothing |
///
/// Details are the amount's upper u32, u32 fraction, f64 weight and i64 timestamp.
enum UsageLogEntry {
  static let codes: UInt32 = 7
  static let spelling: UInt32 = 5
  static let single: UInt32 = 6
  static let detailed: UInt32 = 1 << 3
  static let numberShift: UInt32 = 4
  /// As many as have room beside code and flag.
  static let mostNumbers: UInt32 = 1 << (32 - numberShift)
  /// Of tags before an event, without the tags themselves, and the event with its details.
  static let mostFixedBytes = 8 + 8 + 24
}

/// Why bytes are no usage log.
package enum UsageLogError: Error, Hashable, Sendable {
  case cutOff
  case unknownCode
  /// A number that no tags have.
  case unknownTags
  case outOfBounds
}
