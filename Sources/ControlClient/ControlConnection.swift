import Glibc

/// One connection to a sidecar, for one request.
struct ControlConnection: ~Copyable {
  private let descriptor: Int32

  /// - Parameter timeoutSeconds: for connecting, and then for each send and each receive.
  init(to address: ControlAddress, timeoutSeconds: Int) throws(ControlError) {
    let family =
      switch address {
      case .unix: AF_UNIX
      case .tcp(let host, _): host.contains(":") ? AF_INET6 : AF_INET
      }
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .unreachable(errno) }
    // On Linux the time to send is the time to connect too.
    var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }
    guard Self.connect(descriptor, to: address) == 0 else {
      let code = errno
      close(descriptor)
      // What the kernel says when the time to connect is over.
      throw .unreachable(code == EINPROGRESS ? ETIMEDOUT : code)
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func connect(_ descriptor: Int32, to address: ControlAddress) -> Int32 {
    func go<Address>(_ address: Address) -> Int32 {
      withUnsafeBytes(of: address) { bytes in
        Glibc.connect(
          descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
    switch address {
    case .unix(let path):
      var socket = sockaddr_un()
      socket.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &socket.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
      return go(socket)
    case .tcp(let host, let port) where host.contains(":"):
      var socket = sockaddr_in6()
      socket.sin6_family = sa_family_t(AF_INET6)
      socket.sin6_port = port.bigEndian
      inet_pton(AF_INET6, host, &socket.sin6_addr)
      return go(socket)
    case .tcp(let host, let port):
      var socket = sockaddr_in()
      socket.sin_family = sa_family_t(AF_INET)
      socket.sin_port = port.bigEndian
      inet_pton(AF_INET, host, &socket.sin_addr)
      return go(socket)
    }
  }

  borrowing func send(_ bytes: [UInt8]) throws(ControlError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .lost(Self.lostCode()) }
      sent += count
    }
  }

  /// What came; nothing when the connection is closed.
  borrowing func receive() throws(ControlError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &block, block.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .lost(Self.lostCode()) }
      return Array(block[..<count])
    }
  }

  /// A time that is over reads as "try again" there.
  private static func lostCode() -> Int32 { errno == EAGAIN ? ETIMEDOUT : errno }
}
