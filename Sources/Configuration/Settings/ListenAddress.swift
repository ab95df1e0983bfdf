import Glibc

/// Where a listener listens: an IP address and a port, or nowhere.
///
/// Written `127.0.0.1:8125`, `[::1]:8125`, `:9465` (every address) or `localhost:9465`; the empty text is off.
/// Port 0 lets the system choose.
package enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
  case off
  /// `host` is an IP address without brackets, `localhost`, or empty for every address.
  case address(host: String, port: UInt16)

  package init?(_ text: String) {
    if text.isEmpty {
      self = .off
      return
    }
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let portText = text[text.index(after: colon)...]
    guard portText.utf8.count <= 5, portText.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(portText)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      var address = in6_addr()
      guard inet_pton(AF_INET6, host, &address) == 1 else { return nil }
    } else if !host.isEmpty, host != "localhost" {
      var address = in_addr()
      guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
    }
    self = .address(host: host, port: port)
  }

  package var description: String {
    switch self {
    case .off: ""
    case .address(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
