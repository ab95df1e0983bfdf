import BudgetCore

/// The newest events, each under an id that is one more than the one before.
///
/// Ids go on from where a run begins, the microseconds since the epoch at its start: so no id comes twice over
/// restarts, unless a run told more than a million events a second. Not safe to share; `EventHub` has the lock.
struct EventRing {
  enum Owner: Sendable {
    case account([Tag])
    case subject(Tag)
  }

  struct Entry: Sendable {
    let kind: String
    /// The budget or pool that it tells of; `nil` when it tells of a subject.
    let budget: String?
    /// Whose it is: the tags of an account, or the one that names a subject.
    let owner: Owner
    /// The event's lines after `id:`, as they are sent.
    let lines: [UInt8]

    /// The event as JSON alone.
    var json: ArraySlice<UInt8> { lines.dropFirst("event: \(kind)\ndata: ".utf8.count).dropLast(2) }
  }

  /// As many events can be told after they happened.
  static let capacity = 1024

  /// The first id of this run.
  let first: UInt64
  /// The id of the event to come.
  private(set) var next: UInt64
  private var slots: [Entry] = []

  /// - Parameter start: when this run began, in microseconds since the epoch.
  init(start: Int64) {
    // Below the largest number that JavaScript keeps exact, until the year 2255.
    first = UInt64(clamping: max(1, start))
    next = first
  }

  /// The id of the newest event; before the first one, of one that came before it.
  var newest: UInt64 { next - 1 }
  /// The id of the oldest event that is still here.
  var oldest: UInt64 { next - UInt64(slots.count) }

  mutating func append(_ entry: Entry) {
    if slots.count < Self.capacity { slots.append(entry) } else { slots[slot(of: next)] = entry }
    next += 1
  }

  /// Whether a subscriber can have got this id from this run.
  func knows(_ id: UInt64) -> Bool { (first - 1...newest).contains(id) }

  /// Writes the events after `cursor` that pass the filter, and moves it behind the last that was looked at. When
  /// some are no longer here, the first thing written says how many.
  /// - Parameter bound: bytes after which nothing more is written; O(events looked at).
  /// - Returns: how many events were written, and how many were missed.
  func read(after cursor: inout UInt64, matching filter: EventFilter, atMost bound: Int, into bytes: inout [UInt8])
    -> (sent: Int, missed: UInt64)
  {
    var missed: UInt64 = 0
    if cursor + 1 < oldest {
      missed = oldest - 1 - cursor
      cursor = oldest - 1
      EventBody.appendLost(missed, id: cursor, to: &bytes)
    }
    var sent = 0
    while cursor < newest, bytes.count < bound {
      cursor += 1
      let entry = slots[slot(of: cursor)]
      guard filter.admits(entry) else { continue }
      EventBody.appendID(cursor, to: &bytes)
      bytes.append(contentsOf: entry.lines)
      sent += 1
    }
    return (sent, missed)
  }

  /// The newest events, newest first. O(count).
  func latest(_ count: Int) -> [Entry] {
    slots.indices.prefix(max(0, count)).map { slots[slot(of: newest - UInt64($0))] }
  }

  private func slot(of id: UInt64) -> Int { Int((id - first) % UInt64(Self.capacity)) }
}
