/// What batches of usage lines did to a ledger, in few bytes, for a journal to keep.
///
/// Tags are spelled out when they come for the first time since `startAnew`; from then on a number stands for them, and
/// a line is 8 bytes. `UsageLogEntry` has the format.
package struct UsageLog: ~Copyable {
  /// Whether anybody reads it. Nothing is noted for nobody.
  package var isOn = false
  private var start: UnsafeMutableRawPointer
  private var capacity = 16
  private var count = 0
  /// Marks of routes below this one are from before `startAnew`.
  private var base: UInt64 = 1
  private var next: UInt64 = 1

  init() { start = .allocate(byteCount: capacity, alignment: 8) }

  deinit { start.deallocate() }

  /// Takes room for events that are noted with `append(tokens:mark:)`.
  @inline(__always)
  mutating func reserve(events: Int) { reserve(events &* 8) }

  /// Notes whole tokens that were used now, if that takes no more than 8 bytes, in the room that was taken.
  @inline(__always)
  mutating func append(tokens: Int64, mark: UInt64) -> Bool {
    guard let amount = UInt32(exactly: tokens), mark >= base else { return false }
    let number = UInt32(truncatingIfNeeded: mark &- base)
    put(UInt32(UsageEvent.Kind.tokens.rawValue) | number << UsageLogEntry.numberShift, amount)
    return true
  }

  /// Notes an event.
  /// - Parameter mark: kept with the route of its tags: what number they have, if they have one. 0 at first.
  @inline(__always)
  mutating func append(_ event: borrowing UsageEvent, mark: inout UInt64) {
    guard isOn else { return }
    reserve(UsageLogEntry.mostFixedBytes)
    if mark < base {
      guard next - base < UInt64(UsageLogEntry.mostNumbers) else { return append(single: event) }
      spell(event, &mark)
    }
    putEvent(event, code: UInt32(event.kind.rawValue), number: UInt32(truncatingIfNeeded: mark &- base))
  }

  /// Notes an event whose tags get no number, because they are of one call only.
  @inline(never)
  mutating func append(single event: borrowing UsageEvent) {
    guard isOn else { return }
    putTags(of: event, code: UsageLogEntry.single, number: 0)
    putEvent(event, code: UInt32(event.kind.rawValue), number: 0)
  }

  /// Hands over what was noted since the last call. The bytes last until the next event.
  package mutating func take() -> UnsafeRawBufferPointer {
    defer { count = 0 }
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Forgets all numbers: whoever reads from here on knows none.
  package mutating func startAnew() { base = next }

  @inline(never)
  private mutating func spell(_ event: borrowing UsageEvent, _ mark: inout UInt64) {
    mark = next
    next += 1
    putTags(of: event, code: UsageLogEntry.spelling, number: UInt32(truncatingIfNeeded: mark - base))
  }

  private mutating func putTags(of event: borrowing UsageEvent, code: UInt32, number: UInt32) {
    let length = Int(event.tagsLength)
    reserve(UsageLogEntry.mostFixedBytes + length)
    put(code | number << UsageLogEntry.numberShift, event.tagsLength)
    (start + count).copyMemory(from: event.tags, byteCount: length)
    count += length
  }

  @inline(__always)
  private mutating func putEvent(_ event: borrowing UsageEvent, code: UInt32, number: UInt32) {
    let head = code | number << UsageLogEntry.numberShift
    let amount = UInt32(truncatingIfNeeded: event.amount)
    if Int64(amount) == event.amount, event.hasNoDetails {
      put(head, amount)
    } else {
      put(head | UsageLogEntry.detailed, amount)
      put(UInt32(truncatingIfNeeded: event.amount >> 32), event.fraction)
      put(event.weight.bitPattern)
      put(UInt64(bitPattern: event.timestamp))
    }
  }

  @inline(__always)
  private mutating func put(_ low: UInt32, _ high: UInt32) { put(UInt64(low) | UInt64(high) << 32) }

  @inline(__always)
  private mutating func put(_ word: UInt64) {
    (start + count).storeBytes(of: word.littleEndian, as: UInt64.self)
    count &+= 8
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if count &+ more > capacity { grow(to: count + more) }
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    capacity = max(4096, needed, capacity * 2)
    let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
    grown.copyMemory(from: start, byteCount: count)
    start.deallocate()
    start = grown
  }
}

extension UsageEvent {
  /// Whether it says no more than its kind, tags and amount.
  @inline(__always)
  fileprivate var hasNoDetails: Bool { fraction == 0 && timestamp == Self.noTimestamp && weight == 1 }
}
