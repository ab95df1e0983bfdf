import CLinux
import Glibc

/// The buffers that datagrams are received into.
///
/// Unchecked because it is made on one thread, where a lack of memory can still be told to the caller, and
/// then used by the receiving thread alone.
final class DatagramBatch: @unchecked Sendable {
  /// What one receive brought.
  enum Outcome {
    case received(Int)
    case failed(Int32)
  }

  static let capacity = 128
  /// Holds the largest datagram that UDP can carry (65,507 bytes over IPv4, 65,527 over IPv6).
  static let slotBytes = 65_536

  private let batch: OpaquePointer

  init() throws(IngestionError) {
    guard let batch = clinux_batch_create(Int32(Self.capacity), Self.slotBytes) else {
      throw .system(call: "mmap", subject: "datagram buffers", code: ENOMEM)
    }
    self.batch = batch
  }

  deinit { clinux_batch_destroy(batch) }

  /// Takes what is queued on the socket and hands it over: `receive` for each datagram, then one `flush`.
  ///
  /// Of a datagram that was cut off only the complete lines are handed over: the rest might read as
  /// something that was never sent.
  func receive(from socket: DatagramSocket, into sink: any UsageSink) -> Outcome {
    let count = Int(clinux_batch_receive(batch, socket.descriptor))
    guard count > 0 else {
      return count == 0 || count == -Int(EAGAIN) || count == -Int(EINTR) ? .received(0) : .failed(Int32(-count))
    }
    let datagrams = UnsafeBufferPointer(start: clinux_batch_datagrams(batch), count: count)
    var bytes = 0
    var truncated = 0
    for datagram in datagrams {
      var length = Int(datagram.length)
      bytes &+= length
      if datagram.is_truncated != 0 {
        truncated += 1
        length = Self.completeLines(datagram.bytes, length)
        if length == 0 { continue }
      }
      sink.receive(UnsafeRawBufferPointer(start: datagram.bytes, count: length), from: socket.source)
    }
    sink.flush()
    let statistics = socket.statistics
    statistics.datagrams.count(count)
    statistics.bytes.count(bytes)
    statistics.truncated.count(truncated)
    statistics.batches.count()
    return .received(count)
  }

  private static func completeLines(_ bytes: UnsafeRawPointer, _ length: Int) -> Int {
    guard let newline = clinux_last(bytes, 0x0A, length) else { return 0 }
    return newline - bytes + 1
  }
}
