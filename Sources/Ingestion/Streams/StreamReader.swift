import CLinux
import Glibc
package import Logging
import NIOConcurrencyHelpers
import Synchronization
import Threads
package import UsageProtocol

/// Reads usage lines from a pipe, a file or a terminal, on a thread of its own.
///
/// The writer of a full pipe waits, so nothing is lost here. Memory is one buffer of 1 MiB, whatever comes.
package final class StreamReader: Sendable {
  /// Why reading ended.
  package enum End: Hashable, Sendable {
    /// The writer closed its end, or the file is over.
    case endOfInput
    /// It was told to stop.
    case stopped
    /// Nobody reads the copy any more.
    case copyRefused
    /// A read failed with this errno.
    case failed(Int32)
  }

  private enum State {
    case ready
    case running(NamedThread)
  }

  package let statistics = ReceiverStatistics()
  private let descriptor: Int32
  private let copy: Int32?
  private let source: UsageSource
  private let logger: Logger
  private let stopSignal: StopSignal
  private let state = NIOLockedValueBox(State.ready)

  /// Reads from `descriptor`, which stays the caller's: it is not closed here, nor made non-blocking (others
  /// may share it). Nothing is read before `start`.
  ///
  /// - Parameter copy: a descriptor that every byte is written to as soon as it was read. The reader waits for it,
  ///   and so does whoever writes to the reader.
  package init(descriptor: Int32 = 0, source: UsageSource = .stdin, copy: Int32? = nil, logger: Logger)
    throws(IngestionError)
  {
    self.descriptor = descriptor
    self.copy = copy
    self.source = source
    self.logger = logger
    stopSignal = try StopSignal()
    // Only a pipe has a size; a file or a terminal refuses and is read as it is.
    let pipe = clinux_set_pipe_size(descriptor, 1 << 20)
    statistics.receiveBufferGranted.store(UInt64(clamping: max(0, pipe)), ordering: .relaxed)
  }

  deinit { stop() }

  /// Starts the thread, once. `makeSink` is called on it, and the sink never leaves it.
  ///
  /// `onEnd` is called on it too, once, after the last lines were flushed.
  package func start(
    makeSink: @escaping @Sendable () -> any UsageSink, onEnd: @escaping @Sendable (End) -> Void = { _ in }
  ) throws(IngestionError) {
    let started: Result<Void, IngestionError> = state.withLockedValue { state in
      guard case .ready = state, !stopSignal.isRequested else { return .success(()) }
      do throws(ThreadError) {
        state = .running(
          try NamedThread(name: source.name) { [descriptor, source, copy, statistics, stopSignal, logger] in
            let loop = StreamLoop(
              descriptor: descriptor, source: source, copy: copy, sink: makeSink(), statistics: statistics,
              stopSignal: stopSignal)
            let end = loop.run()
            if case .failed(let code) = end {
              logger.error(
                "Reading usage lines failed and has ended",
                metadata: ["source": "\(source.name)", "error": "\(String(cString: strerror(code)))"])
            }
            onEnd(end)
          })
        return .success(())
      } catch {
        return .failure(.system(call: "pthread_create", subject: error.name, code: error.code))
      }
    }
    try started.get()
  }

  /// Ends the thread, after it took the complete lines that were already there (for at most 50 ms).
  ///
  /// A line that has begun and not ended is dropped: cut off, it might read as something that was never
  /// sent. Returns when the thread has ended; on that thread itself it does not wait.
  package func stop() {
    stopSignal.request()
    if case .running(let thread) = state.withLockedValue({ $0 }) { thread.join() }
  }
}
