/// Reads what a usage log noted, batch by batch from where it started anew.
package struct UsageLogReader: ~Copyable {
  private struct Spelling {
    var start: UnsafeRawPointer
    var length: Int
    var hash: UInt64
  }

  private let seed: UInt64
  /// By their numbers.
  private var spellings: [Spelling] = []
  private var bytes = BytePages()
  private var events: [UsageEvent] = []
  /// One for each of `events`.
  private var numbers: [UInt32] = []

  /// - Parameter seed: of the ledger that the events are for.
  package init(seed: UInt64) { self.seed = seed }

  /// The events of one batch, in order. The pointers last until the next call, those into the reader's own tags as long
  /// as it lives. O(bytes).
  package mutating func read<Result>(
    _ batch: UnsafeRawBufferPointer, _ body: (UsageBatch) -> Result
  ) throws(UsageLogError) -> Result {
    events.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    var cursor = Cursor(bytes: batch)
    while !cursor.isAtEnd {
      let (head, operand) = try cursor.word()
      switch head & UsageLogEntry.codes {
      case UsageLogEntry.spelling:
        try keep(try cursor.take(Int(operand)), number: Int(head >> UsageLogEntry.numberShift))
      case UsageLogEntry.single:
        let spelling = spelling(try cursor.take(Int(operand)))
        let (head, operand) = try cursor.word()
        events.append(try cursor.event(head, operand, spelling))
        numbers.append(UsageBatch.noNumber)
      default:
        let number = head >> UsageLogEntry.numberShift
        guard number < spellings.count else { throw .unknownTags }
        events.append(try cursor.event(head, operand, spellings[Int(number)]))
        numbers.append(number)
      }
    }
    return events.withUnsafeBufferPointer { events in
      numbers.withUnsafeBufferPointer { body(UsageBatch(events: events, numbers: $0)) }
    }
  }

  /// Gives tags a number: a new one, or one whose tags are no longer meant.
  private mutating func keep(_ tags: UnsafeRawBufferPointer, number: Int) throws(UsageLogError) {
    guard number <= spellings.count else { throw .unknownTags }
    // Events read before may point at what the number stood for: nothing is given back.
    let place = bytes.append(tags.baseAddress ?? ByteHash.emptyByte, count: tags.count)
    let kept = spelling(UnsafeRawBufferPointer(start: place, count: tags.count))
    if number < spellings.count { spellings[number] = kept } else { spellings.append(kept) }
  }

  private func spelling(_ tags: UnsafeRawBufferPointer) -> Spelling {
    let start = tags.baseAddress ?? ByteHash.emptyByte
    return Spelling(start: start, length: tags.count, hash: ByteHash.hash(start, count: tags.count, seed: seed))
  }

  /// A place in a batch.
  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ count: Int) throws(UsageLogError) -> UnsafeRawBufferPointer {
      guard count <= bytes.count - position else { throw .cutOff }
      defer { position += count }
      return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    @inline(__always)
    mutating func fixed() throws(UsageLogError) -> UInt64 {
      guard bytes.count - position >= 8 else { throw .cutOff }
      defer { position += 8 }
      return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    @inline(__always)
    mutating func word() throws(UsageLogError) -> (UInt32, UInt32) {
      let word = try fixed()
      return (UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32))
    }

    @inline(__always)
    mutating func event(_ head: UInt32, _ amount: UInt32, _ tags: Spelling) throws(UsageLogError) -> UsageEvent {
      guard let kind = UsageEvent.Kind(rawValue: UInt8(head & UsageLogEntry.codes)) else { throw .unknownCode }
      var event = UsageEvent(
        kind: kind, amount: Int64(amount), tags: tags.start, tagsLength: tags.length, hash: tags.hash)
      if head & UsageLogEntry.detailed != 0 {
        let (upper, fraction) = try word()
        event.amount |= Int64(upper) << 32
        event.fraction = fraction
        event.weight = Double(bitPattern: try fixed())
        event.timestamp = Int64(bitPattern: try fixed())
        guard event.isWithinBounds else { throw .outOfBounds }
      }
      return event
    }
  }
}

extension UsageEvent {
  /// Whether a parser could have made it.
  fileprivate var isWithinBounds: Bool {
    let isKnownTime = timestamp == Self.noTimestamp || (0..<1_000_000_000_000).contains(timestamp)
    // A sampled line stands for a billion at most.
    return amount >= 0 && isKnownTime && weight >= 1 && weight <= 1_000_000_000
  }
}
