import BudgetCore

/// Lines that were parsed before, applied in batches as datagrams bring them.
struct LineBench {
  let workload: Workload

  private static let batch = 1024

  func rates(rounds: Int) -> [Figure] {
    let spellings = workload.tags.flatMap { tags in
      ["input", "output"].map { kind in
        Array((tags.map { "\($0.key):\($0.value)" }.joined(separator: ",") + ",kind:\(kind)").utf8)
      }
    }
    // One block of memory that stays where it is: events point into it.
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: spellings.reduce(0) { $0 + $1.count }, alignment: 8)
    defer { bytes.deallocate() }
    var events: [UsageEvent] = []
    var offset = 0
    for spelling in spellings {
      let start = bytes.baseAddress! + offset
      spelling.withUnsafeBytes { start.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
      offset += spelling.count
      events.append(
        UsageEvent(
          kind: .tokens, amount: 700, tags: start, tagsLength: spelling.count,
          hash: ByteHash.hash(start, count: spelling.count, seed: Workload.seed)))
    }
    var lines: [UsageEvent] = []
    lines.reserveCapacity(2 * workload.order.count)
    for place in workload.order { lines += events[(2 * Int(place))..<(2 * Int(place) + 2)] }
    return [Figure("per_s", Self.rate(of: lines, sweep: events, rounds: rounds))]
  }

  /// - Parameter sweep: every spelling once, so that all of them are known when the clock starts.
  private static func rate(of lines: [UsageEvent], sweep: [UsageEvent], rounds: Int) -> Double {
    var ledger = Ledger(settings: Workload.settings, seed: Workload.seed)
    sweep.withUnsafeBufferPointer { ledger.apply($0, now: Moment(Workload.start)) }
    var now = Workload.start
    var rates: [Double] = []
    for _ in 0..<rounds {
      let start = Clock.thread.nanoseconds
      lines.withUnsafeBufferPointer { lines in
        for first in stride(from: 0, to: lines.count, by: batch) {
          now = now + Interval(nanoseconds: 200_000)
          let batch = lines[first..<min(first + batch, lines.count)]
          ledger.apply(UnsafeBufferPointer(rebasing: batch), now: Moment(now))
        }
      }
      rates.append(Double(lines.count) / Double(Clock.thread.nanoseconds - start) * 1e9)
    }
    return rates.median
  }
}
