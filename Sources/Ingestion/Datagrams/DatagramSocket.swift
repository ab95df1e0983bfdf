import CLinux
import Glibc
import Synchronization
import UsageProtocol

/// A bound datagram socket and what it has received.
final class DatagramSocket: Sendable {
  let descriptor: Int32
  let source: UsageSource
  /// The address in use, for people: `127.0.0.1:8125` or a path.
  let address: String
  let statistics = ReceiverStatistics()
  private let isClosed = Atomic<Bool>(false)
  private let whenClosed: @Sendable () -> Void

  init(descriptor: Int32, source: UsageSource, address: String, whenClosed: @escaping @Sendable () -> Void = {}) {
    self.descriptor = descriptor
    self.source = source
    self.address = address
    self.whenClosed = whenClosed
  }

  deinit { close() }

  /// Closes the socket, once. Only when no thread receives from it any more.
  func close() {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    whenClosed()
    Glibc.close(descriptor)
  }

  /// Opens a socket for UDP and asks for a receive buffer of `receiveBuffer` bytes.
  ///
  /// Answers the address in use too: with the kernel's choice of a port where 0 was asked for.
  static func udp(_ address: UDPAddress, receiveBuffer: Int) throws(IngestionError) -> (DatagramSocket, UDPAddress) {
    var candidates = [address]
    // A machine without IPv6 still has every IPv4 address.
    if case .any = address.host { candidates.append(UDPAddress(host: .v4(0), port: address.port)) }

    var code: Int32 = 0
    for candidate in candidates {
      let descriptor = open(family: candidate.family)
      guard descriptor >= 0 else {
        code = errno
        continue
      }
      code = candidate.bind(descriptor)
      if code == 0, let bound = UDPAddress(boundTo: descriptor) {
        let socket = DatagramSocket(descriptor: descriptor, source: .udp, address: bound.description)
        let granted = clinux_set_receive_buffer(descriptor, Int32(clamping: receiveBuffer))
        socket.statistics.receiveBufferGranted.store(UInt64(clamping: max(0, granted)), ordering: .relaxed)
        return (socket, bound)
      }
      Glibc.close(descriptor)
      if code == EADDRINUSE { throw .inUse(address.description) }
    }
    throw .system(call: "bind", subject: address.description, code: code)
  }

  /// A socket that never blocks and is not inherited; the descriptor, or -1 with `errno` set.
  static func open(family: Int32) -> Int32 {
    socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
  }
}
