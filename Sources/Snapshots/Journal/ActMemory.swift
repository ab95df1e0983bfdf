import BudgetCore

/// What one act that was read leaves for the next: the same callers come again and again, and a journal is read at a
/// start, which should be short.
struct ActMemory {
  /// Bounded: a set of tags with another's place takes it.
  private static let places = 4_096
  /// Sets of tags that take more bytes than these are read anew each time.
  private static let longest = 512

  private var known: [(bytes: [UInt8], tags: TagSet)] = []
  /// Room for the amounts of a spend, used again when the act before is gone.
  var tokens: [TokenAmount] = []

  /// The tags that were read from the same bytes before; `nil` when nothing is known of them.
  func tags(_ bytes: UnsafeRawBufferPointer) -> TagSet? {
    guard !known.isEmpty, bytes.count <= Self.longest else { return nil }
    let place = Self.place(of: bytes)
    guard known[place].bytes.count == bytes.count, !bytes.isEmpty,
      known[place].bytes.withUnsafeBytes({
        ByteHash.equal($0.baseAddress!, bytes.baseAddress!, count: bytes.count)
      })
    else { return nil }
    return known[place].tags
  }

  mutating func remember(_ tags: TagSet, of bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty, bytes.count <= Self.longest else { return }
    if known.isEmpty { known = Array(repeating: ([], .empty), count: Self.places) }
    known[Self.place(of: bytes)] = (Array(bytes), tags)
  }

  private static func place(of bytes: UnsafeRawBufferPointer) -> Int {
    Int(truncatingIfNeeded: ByteHash.hash(bytes.baseAddress!, count: bytes.count, seed: 0)) & (places - 1)
  }
}
