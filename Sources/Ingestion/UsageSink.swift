package import UsageProtocol

/// Takes whole datagrams and whole lines as they were received, and hands them on in batches.
///
/// A sink belongs to one receiving thread: it is made there, called there only and released there. It needs
/// no lock of its own.
package protocol UsageSink: AnyObject {
  /// Takes one datagram, or a block of complete lines from a stream.
  ///
  /// A datagram holds any bytes, from none to 65,536 (one that arrived cut off ends after its last complete
  /// line). A block from a stream ends in a newline, except for the last line of an input that ends without
  /// one; no line in it is longer than the reader's maximum.
  ///
  /// The bytes are valid until the next `flush()` returns, so what is batched may point into them.
  func receive(_ bytes: UnsafeRawBufferPointer, from source: UsageSource)

  /// Hands over what is batched. The bytes received since the last flush are not valid afterwards.
  ///
  /// Called after at most 128 datagrams or 1 MiB of lines, and always before the thread sleeps.
  func flush()
}
