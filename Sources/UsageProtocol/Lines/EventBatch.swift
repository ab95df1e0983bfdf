package import BudgetCore

/// What parsing produced and nobody has counted yet: events that point into the receive buffer, and the
/// numbers of lines that made none.
package struct EventBatch: ~Copyable {
  private var storage: UnsafeMutablePointer<UsageEvent>
  private var capacity: Int
  /// Events in the batch.
  package private(set) var count = 0
  /// Lines of JSON (they start with `{`), for `UsageObject`: slower and rarer than events.
  package internal(set) var objects: [UnsafeRawBufferPointer] = []
  package internal(set) var tally = LineTally()

  package init(capacity: Int = 4096) {
    self.capacity = max(16, capacity)
    storage = .allocate(capacity: self.capacity)
  }

  deinit { storage.deallocate() }

  package var events: UnsafeBufferPointer<UsageEvent> { UnsafeBufferPointer(start: storage, count: count) }

  @inline(__always)
  mutating func append(_ event: UsageEvent) {
    if count == capacity { grow() }
    (storage + count).initialize(to: event)
    count &+= 1
  }

  /// Takes back what a line appended before it turned out to be bad.
  mutating func removeEvents(from first: Int) { count = first }

  /// Forgets the events and objects; the tally goes on.
  package mutating func removeAll() {
    count = 0
    if !objects.isEmpty { objects.removeAll(keepingCapacity: true) }
  }

  /// Takes the tally since the last call.
  package mutating func takeTally() -> LineTally {
    defer { tally = LineTally() }
    return tally
  }

  /// One line may hold many packed values: the batch grows for it, bounded by the longest line.
  private mutating func grow() {
    let grown = UnsafeMutablePointer<UsageEvent>.allocate(capacity: capacity * 2)
    grown.moveInitialize(from: storage, count: count)
    storage.deallocate()
    storage = grown
    capacity *= 2
  }
}

/// How many lines came and what became of those that were not counted.
package struct LineTally: Sendable {
  /// All lines but empty ones.
  package internal(set) var lines: Int64 = 0
  package internal(set) var rejected: InlineArray<18, Int64> = InlineArray(repeating: 0)
  package internal(set) var ignored: InlineArray<3, Int64> = InlineArray(repeating: 0)
  /// Whether `rejected` or `ignored` holds anything.
  package internal(set) var hasRefusals = false
  /// The last refused line's beginning, for the log: at most one is kept.
  package internal(set) var example: (reason: RejectReason, text: [UInt8])?

  package init() {}

  package subscript(reason: RejectReason) -> Int64 { rejected[Int(reason.rawValue)] }
  package subscript(reason: IgnoreReason) -> Int64 { ignored[Int(reason.rawValue)] }

  package mutating func reject(_ reason: RejectReason, line: UnsafeRawBufferPointer, count: Int64 = 1) {
    rejected[Int(reason.rawValue)] += count
    hasRefusals = true
    if example == nil { example = (reason, Array(line.prefix(120))) }
  }

  package mutating func ignore(_ reason: IgnoreReason) {
    ignored[Int(reason.rawValue)] += 1
    hasRefusals = true
  }

  package mutating func countLine() { lines += 1 }

  package mutating func add(_ other: LineTally) {
    lines += other.lines
    for index in rejected.indices { rejected[index] += other.rejected[index] }
    for index in ignored.indices { ignored[index] += other.ignored[index] }
    hasRefusals = hasRefusals || other.hasRefusals
    example = example ?? other.example
  }
}
