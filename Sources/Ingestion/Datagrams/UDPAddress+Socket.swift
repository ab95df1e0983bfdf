import Glibc

extension UDPAddress {
  var family: Int32 {
    if case .v4 = host { AF_INET } else { AF_INET6 }
  }

  /// Binds a socket of this address's family. 0, or the errno.
  func bind(_ descriptor: Int32) -> Int32 {
    switch host {
    case .v4(let address):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr.s_addr = address
      return Self.bind(descriptor, to: name)
    case .v6(let bytes):
      return bind(descriptor, toV6: bytes)
    case .any:
      var both: Int32 = 0
      setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &both, socklen_t(MemoryLayout<Int32>.size))
      return bind(descriptor, toV6: [UInt8](repeating: 0, count: 16))
    }
  }

  /// The address a socket was bound to, with the port that the kernel chose.
  init?(boundTo descriptor: Int32) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutableBytes(of: &storage) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress!, &length) }
    }
    guard code == 0 else { return nil }
    switch Int32(storage.ss_family) {
    case AF_INET:
      let name = withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in.self) }
      self.init(host: .v4(name.sin_addr.s_addr), port: UInt16(bigEndian: name.sin_port))
    case AF_INET6:
      let name = withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in6.self) }
      let bytes = withUnsafeBytes(of: name.sin6_addr) { [UInt8]($0) }
      self.init(host: bytes.allSatisfy { $0 == 0 } ? .any : .v6(bytes), port: UInt16(bigEndian: name.sin6_port))
    default: return nil
    }
  }

  private func bind(_ descriptor: Int32, toV6 bytes: [UInt8]) -> Int32 {
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = port.bigEndian
    withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: bytes) }
    return Self.bind(descriptor, to: name)
  }

  private static func bind<Name>(_ descriptor: Int32, to name: Name) -> Int32 {
    withUnsafeBytes(of: name) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        Glibc.bind(descriptor, $0.baseAddress!, socklen_t(bytes.count)) == 0 ? 0 : errno
      }
    }
  }
}
