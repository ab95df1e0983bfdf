import Synchronization

/// What one socket or stream has received so far; written by its thread, read by any.
///
/// Every number is a counter that only grows, except `receiveBufferGranted`. Reads take no lock: two
/// numbers of one reading may be a batch apart.
package final class ReceiverStatistics: Sendable {
  let datagrams = Atomic<UInt64>(0)
  let bytes = Atomic<UInt64>(0)
  let truncated = Atomic<UInt64>(0)
  let kernelDrops = Atomic<UInt64>(0)
  let receiveBufferGranted = Atomic<UInt64>(0)
  let linesTooLong = Atomic<UInt64>(0)
  let wakeups = Atomic<UInt64>(0)
  let batches = Atomic<UInt64>(0)
  let errors = Atomic<UInt64>(0)

  package init() {}

  /// The numbers as they stand.
  package var counts: ReceiverCounts {
    ReceiverCounts(
      datagrams: datagrams.load(ordering: .relaxed),
      bytes: bytes.load(ordering: .relaxed),
      truncated: truncated.load(ordering: .relaxed),
      kernelDrops: kernelDrops.load(ordering: .relaxed),
      receiveBufferGranted: receiveBufferGranted.load(ordering: .relaxed),
      linesTooLong: linesTooLong.load(ordering: .relaxed),
      wakeups: wakeups.load(ordering: .relaxed),
      batches: batches.load(ordering: .relaxed),
      errors: errors.load(ordering: .relaxed))
  }
}

/// One reading of a receiver's statistics.
package struct ReceiverCounts: Hashable, Sendable {
  /// Datagrams taken from the socket; 0 for a stream.
  package var datagrams: UInt64 = 0
  /// Payload bytes received, those of skipped lines and cut datagrams included.
  package var bytes: UInt64 = 0
  /// Datagrams larger than a slot: their last, incomplete line was left out.
  package var truncated: UInt64 = 0
  /// Datagrams that the kernel dropped on this very socket since it was opened. Always 0 for a Unix
  /// socket: there the kernel makes the sender wait, or tells it.
  package var kernelDrops: UInt64 = 0
  /// The receive buffer (or pipe) that the kernel granted, in bytes.
  package var receiveBufferGranted: UInt64 = 0
  /// Lines of a stream that were longer than the maximum and skipped.
  package var linesTooLong: UInt64 = 0
  /// How often the thread woke and found something here.
  package var wakeups: UInt64 = 0
  /// Batches handed over: one flush each.
  package var batches: UInt64 = 0
  /// Failed receives.
  package var errors: UInt64 = 0

  package init() {}

  init(
    datagrams: UInt64, bytes: UInt64, truncated: UInt64, kernelDrops: UInt64, receiveBufferGranted: UInt64,
    linesTooLong: UInt64, wakeups: UInt64, batches: UInt64, errors: UInt64
  ) {
    self.datagrams = datagrams
    self.bytes = bytes
    self.truncated = truncated
    self.kernelDrops = kernelDrops
    self.receiveBufferGranted = receiveBufferGranted
    self.linesTooLong = linesTooLong
    self.wakeups = wakeups
    self.batches = batches
    self.errors = errors
  }
}

extension Atomic where Value == UInt64 {
  /// Counts up. Relaxed: nothing else is published with it.
  func count(_ amount: Int = 1) {
    if amount > 0 { wrappingAdd(UInt64(amount), ordering: .relaxed) }
  }
}
