internal import Glibc
internal import NIOCore

/// An empty buffer in memory that the kernel is asked to hand out by two megabytes.
///
/// New memory comes page by page, each with a fault and cleared for itself: 10 ms of CPU time for 20 MiB, more than it
/// takes to write a page of metrics into it. By huge pages it is 1 ms. Where a kernel has none
/// (`/sys/kernel/mm/transparent_hugepage/enabled`) it is memory like any other.
enum PageBlock {
  private static let hugePage = 2 << 20

  /// - Returns: a buffer that starts at a huge page, and how much may be written to it.
  static func make() -> (buffer: ByteBuffer, room: Int) {
    // Twice as much address space as is used holds a whole huge page wherever it lies. What is not touched takes none.
    var buffer = ByteBufferAllocator().buffer(capacity: 2 * hugePage)
    let start = buffer.withVeryUnsafeMutableBytes { bytes in
      let skipped = (hugePage - Int(bitPattern: bytes.baseAddress!) % hugePage) % hugePage
      madvise(bytes.baseAddress! + skipped, hugePage, MADV_HUGEPAGE)
      return skipped
    }
    buffer.moveWriterIndex(to: start)
    buffer.moveReaderIndex(to: start)
    return (buffer, min(hugePage, buffer.writableBytes))
  }
}
