import Glibc

@testable import Ingestion

/// A client's socket, connected to a receiver.
final class DatagramSender: Sendable {
  struct Failure: Error { let code: Int32 }

  private let descriptor: Int32

  init(udp address: UDPAddress) throws {
    switch address.host {
    case .v4(let host):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = address.port.bigEndian
      name.sin_addr.s_addr = host
      descriptor = try Self.connect(AF_INET, name)
    case .v6(let host):
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_port = address.port.bigEndian
      withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: host) }
      descriptor = try Self.connect(AF_INET6, name)
    case .any: throw Failure(code: EINVAL)
    }
  }

  init(path: String) throws {
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
    descriptor = try Self.connect(AF_UNIX, name)
    var buffer: Int32 = 1 << 20
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &buffer, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) throws {
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw Failure(code: errno)
    }
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  private static func connect<Name>(_ family: Int32, _ name: Name) throws -> Int32 {
    let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let code = withUnsafeBytes(of: name) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        Glibc.connect(descriptor, $0.baseAddress!, socklen_t(bytes.count)) == 0 ? 0 : errno
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw Failure(code: code)
    }
    return descriptor
  }
}
