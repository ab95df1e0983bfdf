import BudgetCore
import UsageProtocol

/// What a run of lines became, copied out of its batch.
struct Parsed {
  struct Event: Equatable, CustomStringConvertible {
    var kind: UsageEvent.Kind
    var amount: Int64
    var fraction: UInt32 = 0
    var weight: Double = 1
    var timestamp = UsageEvent.noTimestamp
    var tags = ""

    var description: String { "\(kind) \(amount)+\(fraction) x\(weight) T\(timestamp) #\(tags)" }
  }

  var events: [Event] = []
  var objects: [String] = []
  var tally = LineTally()
  /// Whether every event's hash is that of its tags.
  var areHashesRight = true

  init(_ text: String, acceptsObjects: Bool = false) { self.init(Array(text.utf8), acceptsObjects: acceptsObjects) }

  init(_ bytes: [UInt8], acceptsObjects: Bool = false, capacity: Int = 4096) {
    var batch = EventBatch(capacity: capacity)
    let parser = LineParser(seed: SmallLedger.seed, acceptsObjects: acceptsObjects)
    // A copy of exactly this length: a read past the end is one that the address sanitizer sees.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    let end = parser.parse(UnsafeRawBufferPointer(copy), into: &batch)
    precondition(end == bytes.count, "stopped early without a limit")
    take(&batch)
  }

  /// Adds what the batch holds.
  mutating func take(_ batch: inout EventBatch) {
    for event in batch.events {
      let tags = UnsafeRawBufferPointer(start: event.tags, count: Int(event.tagsLength))
      if event.hash != ByteHash.hash(Array(tags), seed: SmallLedger.seed) { areHashesRight = false }
      events.append(
        Event(
          kind: event.kind, amount: event.amount, fraction: event.fraction, weight: event.weight,
          timestamp: event.timestamp, tags: String(decoding: tags, as: UTF8.self)))
    }
    objects += batch.objects.map { String(decoding: $0, as: UTF8.self) }
    tally.add(batch.takeTally())
    batch.removeAll()
  }

  /// The only event, or `nil`.
  var event: Event? { events.count == 1 ? events[0] : nil }

  var rejections: [RejectReason: Int64] {
    Dictionary(uniqueKeysWithValues: RejectReason.allCases.map { ($0, tally[$0]) }).filter { $0.value != 0 }
  }

  var ignored: [IgnoreReason: Int64] {
    Dictionary(uniqueKeysWithValues: IgnoreReason.allCases.map { ($0, tally[$0]) }).filter { $0.value != 0 }
  }

  /// In one word: `counted`, the reason of the only refusal, or `mixed`.
  var verdict: String {
    if rejections.isEmpty, ignored.isEmpty { return events.isEmpty && objects.isEmpty ? "nothing" : "counted" }
    guard events.isEmpty, rejections.count + ignored.count == 1 else { return "mixed" }
    return rejections.keys.first.map(\.name) ?? ignored.keys.first!.name
  }
}
