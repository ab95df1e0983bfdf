internal import NIOConcurrencyHelpers
internal import NIOCore

/// The sending end of a streamed response; any thread may use it, and none ever waits.
///
/// What the peer has not taken yet is bounded: a write that would go past the bound cuts the connection.
package final class HTTPStreamWriter: Sendable {
  private struct State {
    var unsent = 0
    var isOpen = true
    /// Since when the peer has owed progress; nil when nothing is unsent.
    var waitingSince: ContinuousClock.Instant?
    var observers: [@Sendable () -> Void] = []
  }

  private let channel: any Channel
  private let isChunked: Bool
  private let bound: Int
  private let counters: HTTPCounters
  private let state = NIOLockedValueBox(State())

  init(channel: any Channel, isChunked: Bool, bound: Int, counters: HTTPCounters) {
    self.channel = channel
    self.isChunked = isChunked
    self.bound = bound
    self.counters = counters
  }

  package var isOpen: Bool { state.withLockedValue { $0.isOpen } }

  /// Sends bytes; false when the stream has ended, or ends because its reader is too slow.
  /// - Parameter whenTaken: called on the stream's loop once the kernel has the bytes; never, when it gets them no more.
  @discardableResult
  package func send(_ bytes: [UInt8], whenTaken: (@Sendable () -> Void)? = nil) -> Bool {
    guard !bytes.isEmpty else { return isOpen }
    let fits: Bool? = state.withLockedValue { state in
      guard state.isOpen else { return nil }
      guard state.unsent + bytes.count <= bound else { return false }
      state.unsent += bytes.count
      if state.waitingSince == nil { state.waitingSince = .now }
      return true
    }
    guard let fits else { return false }
    guard fits else {
      cut()
      return false
    }
    write(bytes, whenTaken)
    return true
  }

  /// Calls `action` on the stream's loop over and over, until the stream has ended.
  package func repeatedly(every interval: Duration, _ action: @escaping @Sendable () -> Void) {
    let interval = TimeAmount(interval)
    let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in action() }
    whenEnded { task.cancel() }
  }

  /// Ends the stream properly: what was sent before still arrives.
  package func finish() {
    guard end() else { return }
    let channel = channel
    let last = channel.allocator.buffer(string: isChunked ? "0\r\n\r\n" : "")
    channel.writeAndFlush(last).whenComplete { _ in channel.close(promise: nil) }
  }

  /// Calls `action` once when the stream has ended, whoever ended it; at once when it already has.
  package func whenEnded(_ action: @escaping @Sendable () -> Void) {
    let isOpen = state.withLockedValue { state in
      if state.isOpen { state.observers.append(action) }
      return state.isOpen
    }
    if !isOpen { action() }
  }

  /// True when the peer has taken nothing for that long although bytes wait for it.
  func isStalled(for duration: Duration) -> Bool {
    guard let since = state.withLockedValue({ $0.waitingSince }) else { return false }
    return ContinuousClock.now - since >= duration
  }

  func cut() {
    guard end() else { return }
    counters.countStreamCut()
    channel.close(promise: nil)
  }

  /// Marks the stream as ended and tells the observers; false when it had ended before.
  @discardableResult
  func end() -> Bool {
    let observers: [@Sendable () -> Void]? = state.withLockedValue { state in
      guard state.isOpen else { return nil }
      state.isOpen = false
      defer { state.observers = [] }
      return state.observers
    }
    guard let observers else { return false }
    for observer in observers { observer() }
    return true
  }

  private func write(_ bytes: [UInt8], _ whenTaken: (@Sendable () -> Void)?) {
    var buffer = channel.allocator.buffer(capacity: bytes.count + 16)
    if isChunked { buffer.writeString(String(bytes.count, radix: 16) + "\r\n") }
    buffer.writeBytes(bytes)
    if isChunked { buffer.writeStaticString("\r\n") }
    counters.countBytes(buffer.readableBytes)
    channel.writeAndFlush(buffer).whenComplete { [self] result in
      state.withLockedValue { state in
        state.unsent -= bytes.count
        state.waitingSince = state.unsent > 0 ? .now : nil
      }
      // In a turn of its own: it may send again, and this may be in the midst of a flush.
      if let whenTaken, case .success = result { channel.eventLoop.execute(whenTaken) }
    }
  }
}
