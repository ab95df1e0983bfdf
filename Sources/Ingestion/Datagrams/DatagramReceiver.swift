import Glibc
package import Logging
import NIOConcurrencyHelpers
import Threads
import UsageProtocol

/// Receives usage lines from a UDP socket, a Unix datagram socket or both, on one thread of its own.
///
/// The sockets are bound when the receiver is made, so that their addresses are known, and are closed by
/// `stop()`. In between the thread sleeps until something arrives, takes it in batches of up to 128 datagrams
/// and hands it to its sink. It never waits for anything but its sockets and its sink.
package final class DatagramReceiver: Sendable {
  /// What to listen on. Every part that is nil stays closed.
  package struct Options: Sendable {
    /// The UDP socket's address.
    package var udp: UDPAddress?
    /// The Unix datagram socket's path, at most 107 bytes.
    package var unixgram: String?
    /// The Unix socket file's mode. Everyone who may send needs the right to write.
    package var unixgramMode: UInt32 = 0o666
    /// The receive buffer to ask for, in bytes. The system's limit (`net.core.rmem_max`) may grant less.
    package var receiveBuffer = 4 << 20

    package init(udp: UDPAddress? = nil, unixgram: String? = nil) {
      self.udp = udp
      self.unixgram = unixgram
    }
  }

  private enum State {
    case ready
    case running(NamedThread)
    case stopped
  }

  /// The UDP address in use: with the kernel's choice of a port where 0 was asked for.
  package let udpAddress: UDPAddress?
  /// What came in over UDP; nil without that socket.
  package let udpStatistics: ReceiverStatistics?
  /// What came in over the Unix socket; nil without that socket.
  package let unixgramStatistics: ReceiverStatistics?

  let sockets: [DatagramSocket]
  private let logger: Logger
  private let stopSignal: StopSignal
  private let state = NIOLockedValueBox(State.ready)

  /// Binds the sockets. Nothing is received before `start`.
  package convenience init(_ options: Options, logger: Logger) throws(IngestionError) {
    var sockets: [DatagramSocket] = []
    var bound: UDPAddress?
    if let path = options.unixgram {
      sockets.append(try .unixgram(path: path, mode: options.unixgramMode))
    }
    if let address = options.udp {
      let (socket, inUse) = try DatagramSocket.udp(address, receiveBuffer: options.receiveBuffer)
      sockets.append(socket)
      bound = inUse
      let granted = socket.statistics.counts.receiveBufferGranted
      if granted < options.receiveBuffer {
        logger.notice(
          "The kernel granted a smaller receive buffer than asked for; a burst may lose datagrams. Raise net.core.rmem_max",
          metadata: ["granted": "\(granted)", "asked": "\(options.receiveBuffer)"])
      }
    }
    try self.init(sockets: sockets, udpAddress: bound, logger: logger)
  }

  init(sockets: [DatagramSocket], udpAddress: UDPAddress?, logger: Logger) throws(IngestionError) {
    self.sockets = sockets
    self.udpAddress = udpAddress
    self.logger = logger
    udpStatistics = sockets.first { $0.source == .udp }?.statistics
    unixgramStatistics = sockets.first { $0.source == .unixgram }?.statistics
    stopSignal = try StopSignal()
  }

  deinit { stop() }

  /// Starts the thread, once. `makeSink` is called on it, and the sink never leaves it.
  package func start(makeSink: @escaping @Sendable () -> any UsageSink) throws(IngestionError) {
    let batch = try DatagramBatch()
    let started: Result<Void, IngestionError> = state.withLockedValue { state in
      guard case .ready = state else { return .success(()) }
      do throws(ThreadError) {
        state = .running(
          try NamedThread(name: "datagrams") { [sockets, stopSignal, logger] in
            var loop = DatagramLoop(
              sockets: sockets, batch: batch, sink: makeSink(), stopSignal: stopSignal, logger: logger)
            loop.run()
            for socket in sockets { socket.close() }
          })
        return .success(())
      } catch {
        return .failure(.system(call: "pthread_create", subject: error.name, code: error.code))
      }
    }
    try started.get()
  }

  /// Ends the thread, after it took what was already queued (for at most 50 ms), and closes the sockets.
  ///
  /// Returns when that is done. May be called again, from any thread; on the receiving thread itself it does
  /// not wait.
  package func stop() {
    stopSignal.request()
    let before = state.withLockedValue { state in
      let before = state
      if case .ready = state { state = .stopped }
      return before
    }
    switch before {
    case .running(let thread): thread.join()
    case .ready: for socket in sockets { socket.close() }
    case .stopped: break
    }
  }
}
