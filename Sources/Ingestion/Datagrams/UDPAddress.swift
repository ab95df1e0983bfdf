import Glibc

/// An IP address and a port to receive datagrams on.
package struct UDPAddress: Hashable, Sendable, CustomStringConvertible {
  enum Host: Hashable {
    /// Network byte order, as in `in_addr`.
    case v4(UInt32)
    case v6([UInt8])
    /// Every address of this machine, of both families.
    case any
  }

  var host: Host
  /// 0 lets the kernel choose.
  package var port: UInt16

  init(host: Host, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:8125`, `[::1]:8125`, `localhost:8125` or `:8125` (every address). Names are not looked up.
  package init(_ text: String) throws(IngestionError) {
    guard let colon = text.lastIndex(of: ":") else {
      throw .invalidAddress(text, reason: "the port is missing")
    }
    let portText = text[text.index(after: colon)...]
    guard !portText.isEmpty, portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(portText)
    else { throw .invalidAddress(text, reason: "'\(portText)' is not a port between 0 and 65535") }

    let hostText = String(text[..<colon])
    guard let host = Self.host(hostText) else {
      throw .invalidAddress(text, reason: "'\(hostText)' is not an IP address")
    }
    self.init(host: host, port: port)
  }

  package var description: String {
    switch host {
    case .any: "[::]:\(port)"
    case .v4(let address):
      withUnsafeBytes(of: address) { "\($0[0]).\($0[1]).\($0[2]).\($0[3]):\(port)" }
    case .v6(let bytes): "[\(Self.text(ofV6: bytes))]:\(port)"
    }
  }

  private static func host(_ text: String) -> Host? {
    // C would read such a text only up to the zero.
    guard !text.utf8.contains(0) else { return nil }
    switch text {
    case "": return .any
    case "localhost": return .v4(UInt32(0x7f00_0001).bigEndian)
    default: break
    }
    if text.hasPrefix("["), text.hasSuffix("]") {
      var address = in6_addr()
      guard inet_pton(AF_INET6, String(text.dropFirst().dropLast()), &address) == 1 else { return nil }
      let bytes = withUnsafeBytes(of: address) { [UInt8]($0) }
      return bytes.allSatisfy { $0 == 0 } ? .any : .v6(bytes)
    }
    var address = in_addr()
    return inet_pton(AF_INET, text, &address) == 1 ? .v4(address.s_addr) : nil
  }

  private static func text(ofV6 bytes: [UInt8]) -> String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(AF_INET6, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "?" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
