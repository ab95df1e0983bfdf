import BudgetCore

/// Lines that were parsed before, in batches as datagrams bring them.
final class AppliedLines {
  private static let batch = 1024

  /// One block of memory that stays where it is: events point into it.
  private let bytes: UnsafeMutableRawBufferPointer
  private let events: [UsageEvent]
  /// Every spelling once, so that all of them are known when the clock starts.
  let sweep: [UsageEvent]

  var count: Int { events.count }

  init(workload: Workload) {
    let spellings = workload.tags.flatMap { tags in
      ["input", "output"].map { kind in
        Array((tags.map { "\($0.key):\($0.value)" }.joined(separator: ",") + ",kind:\(kind)").utf8)
      }
    }
    bytes = .allocate(byteCount: spellings.reduce(0) { $0 + $1.count }, alignment: 8)
    var known: [UsageEvent] = []
    var offset = 0
    for spelling in spellings {
      let start = bytes.baseAddress! + offset
      spelling.withUnsafeBytes { start.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
      offset += spelling.count
      known.append(
        UsageEvent(
          kind: .tokens, amount: 700, tags: start, tagsLength: spelling.count,
          hash: ByteHash.hash(start, count: spelling.count, seed: Workload.seed)))
    }
    sweep = known
    var lines: [UsageEvent] = []
    lines.reserveCapacity(2 * workload.order.count)
    for place in workload.order { lines += known[(2 * Int(place))..<(2 * Int(place) + 2)] }
    events = lines
  }

  deinit { bytes.deallocate() }

  func forEachBatch(_ body: (UnsafeBufferPointer<UsageEvent>) -> Void) {
    events.withUnsafeBufferPointer { events in
      for first in stride(from: 0, to: events.count, by: Self.batch) {
        body(UnsafeBufferPointer(rebasing: events[first..<min(first + Self.batch, events.count)]))
      }
    }
  }
}
