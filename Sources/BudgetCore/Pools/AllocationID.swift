/// Names an allocation: a number that anyone may see, and a secret that only its owner knows.
///
/// Written as 32 hexadecimal digits. Who does not know the secret can neither use nor release it.
package struct AllocationID: Hashable, Sendable {
  /// Counts up over all pools.
  package var number: UInt64
  package var secret: UInt64

  package init(number: UInt64, secret: UInt64) {
    self.number = number
    self.secret = secret
  }

  /// `nil` for anything but 32 hexadecimal digits.
  package init?(text: String) {
    guard let parts = ReservationID(text: text) else { return nil }
    self.init(number: UInt64(parts.slot) << 32 | UInt64(parts.serial), secret: parts.secret)
  }

  /// As it goes into bodies and tags.
  package var text: String {
    ReservationID(
      slot: UInt32(truncatingIfNeeded: number >> 32), serial: UInt32(truncatingIfNeeded: number), secret: secret
    ).text
  }
}

// Any other value of the tag is a tag like others.
extension Tag {
  var isAllocation: Bool { key == TagName.allocation && AllocationID(text: value) != nil }
}

extension TagSet {
  /// The tags without one that names an allocation: the secret in it is in no label and no route.
  var withoutAllocation: TagSet {
    guard marks.contains(.allocation), tags.contains(where: \.isAllocation) else { return self }
    return removing(TagName.allocation)
  }
}
