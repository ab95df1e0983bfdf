import CLinux
import Glibc
import UsageProtocol

/// The reading thread's own state: wait, read as much as there is, hand over complete lines.
struct StreamLoop {
  /// A read shorter than this is followed by a nap, so that a writer of single lines does not wake this
  /// thread for each of them. The pipe holds many times more than such a writer writes in one nap.
  private static let shortRead = 32_768
  private static let nap = 1_000_000
  /// How long what is there is still read after a stop was requested, in nanoseconds.
  private static let lastDrain: Int64 = 50_000_000

  private let descriptor: Int32
  private let source: UsageSource
  private let copy: Int32?
  private let sink: any UsageSink
  private let statistics: ReceiverStatistics
  private let stopSignal: StopSignal
  private let lines = LineBlocks()

  init(
    descriptor: Int32, source: UsageSource, copy: Int32? = nil, sink: any UsageSink,
    statistics: ReceiverStatistics, stopSignal: StopSignal
  ) {
    self.copy = copy
    self.descriptor = descriptor
    self.source = source
    self.sink = sink
    self.statistics = statistics
    self.stopSignal = stopSignal
  }

  func run() -> StreamReader.End {
    while true {
      // Waiting first, because a read that blocks could not be stopped.
      let ready = clinux_wait_readable([descriptor, stopSignal.descriptor], 2, -1)
      if ready < 0 { return .failed(-ready) }
      if stopSignal.isRequested { return drainBeforeStop() }
      guard ready > 0 else { continue }
      switch readOnce() {
      case .success(let count):
        statistics.wakeups.count()
        if count < Self.shortRead { _ = clinux_wait_readable([stopSignal.descriptor], 1, Self.nap) }
      case .failure(.ended(let end)): return end
      case .failure(.nothing): continue
      }
    }
  }

  private enum NoBytes: Error {
    case nothing
    case ended(StreamReader.End)
  }

  private func readOnce() -> Result<Int, NoBytes> {
    let room = lines.makeRoom()
    let count = read(descriptor, room.baseAddress, room.count)
    if count < 0 {
      let code = errno
      return .failure(code == EINTR || code == EAGAIN ? .nothing : .ended(.failed(code)))
    }
    if let copy, !Self.write(UnsafeRawBufferPointer(rebasing: room[..<count]), to: copy) {
      return .failure(.ended(.copyRefused))
    }
    var blocks = 0
    let handOver = { (block: UnsafeRawBufferPointer) in
      blocks += 1
      sink.receive(block, from: source)
    }
    if count == 0 { lines.finish(handOver) } else { lines.append(count, handOver) }
    if blocks > 0 {
      sink.flush()
      statistics.batches.count()
    }
    statistics.bytes.count(count)
    statistics.linesTooLong.count(lines.linesTooLong)
    lines.linesTooLong = 0
    return count == 0 ? .failure(.ended(.endOfInput)) : .success(count)
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if errno == EAGAIN {
        // Others share the descriptor and made it non-blocking.
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&entry, 1, -1)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  private func drainBeforeStop() -> StreamReader.End {
    let deadline = SteadyClock.nanoseconds() + Self.lastDrain
    while SteadyClock.nanoseconds() < deadline, clinux_wait_readable([descriptor], 1, 0) > 0 {
      switch readOnce() {
      case .success: continue
      case .failure(.ended(.failed(let code))): return .failed(code)
      case .failure: return .stopped
      }
    }
    return .stopped
  }
}
