package import BudgetCore
import JSONText
package import UsageProtocol

/// Bytes of usage lines on their way into the ledger: parsed into a batch, handed over in one step.
///
/// Belongs to one thread. The bytes given to `parse` must stay valid until `handOver` returns.
package final class LineIntake {
  static let batchSize = 4096
  private static let smallestBatch = 64
  /// For how long a batch should hold the ledger at most: decisions wait for it.
  private static let longestSection: Duration = .milliseconds(1)

  private let ledger: SharedLedger
  private let parser: LineParser
  private let counters: LineCounters
  private let source: UsageSource
  private var batch = EventBatch(capacity: batchSize)
  /// Lines of a batch. A known spelling of tags costs a hundred nanoseconds, one that nobody has seen a hundred times as
  /// much: who sends ever new ones gets small batches.
  private var limit = batchSize
  /// Everything that was handed over.
  package private(set) var total = LineTally()
  /// Told of each refused line that the counters do not hold yet; the callee throttles.
  private let onRefusal: (RejectReason, [UInt8]) -> Void

  package init(
    source: UsageSource, ledger: SharedLedger, counters: LineCounters,
    onRefusal: @escaping (RejectReason, [UInt8]) -> Void = { _, _ in }
  ) {
    self.source = source
    self.ledger = ledger
    self.counters = counters
    self.onRefusal = onRefusal
    parser = LineParser(seed: ledger.seed, acceptsObjects: source == .stdin || source == .http)
  }

  /// Parses whole lines. A full batch is handed over on the way.
  package func parse(_ bytes: UnsafeRawBufferPointer) {
    var position = 0
    while position < bytes.count {
      position = parser.parse(bytes, from: position, into: &batch, limit: limit)
      if batch.count + batch.objects.count >= limit { handOver() }
    }
  }

  /// Counts what was parsed since the last call.
  package func handOver() {
    var tally = batch.takeTally()
    let objects = batch.objects.isEmpty ? [] : batch.objects.compactMap { Self.object($0, tally: &tally) }
    if batch.count > 0 || !objects.isEmpty {
      let held = ledger.apply(batch.events, objects: objects)
      limit = held > Self.longestSection ? max(Self.smallestBatch, limit / 2) : min(Self.batchSize, limit * 2)
    }
    batch.removeAll()
    guard tally.lines > 0 else { return }
    counters.add(tally, from: source)
    total.add(tally)
    if let (reason, text) = tally.example { onRefusal(reason, text) }
  }

  private static func object(_ line: UnsafeRawBufferPointer, tally: inout LineTally) -> UsageObject? {
    guard let value = try? JSONValue.parse(line) else {
      tally.reject(.badJSON, line: line)
      return nil
    }
    guard let object = try? UsageObject(value) else {
      tally.reject(.unknownShape, line: line)
      return nil
    }
    return object
  }
}
