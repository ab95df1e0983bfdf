import Glibc

/// Where a sidecar's control endpoint is: an IP address and a port of this or another machine, or a Unix socket.
package enum ControlAddress: Hashable, Sendable, CustomStringConvertible {
  /// An IP literal without brackets.
  case tcp(host: String, port: UInt16)
  case unix(path: String)

  /// Where a sidecar listens unless told otherwise.
  package static let standard = ControlAddress.tcp(host: "127.0.0.1", port: 9466)
  /// What fits into `sun_path` with its final zero.
  static let longestPath = 107

  /// Reads `127.0.0.1:9466`, `[::1]:9466`, `:9466` and `localhost:9466` (the loopback), `unix:/run/tallygate.sock` and
  /// `http://127.0.0.1:9466/`. Names are not looked up. `nil` for anything else.
  package init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst("unix:".count))
      guard !path.isEmpty, path.utf8.count <= Self.longestPath, !path.utf8.contains(0) else { return nil }
      self = .unix(path: path)
      return
    }
    var rest = Substring(text)
    if rest.hasPrefix("http://") {
      rest = rest.dropFirst("http://".count)
      if rest.hasSuffix("/") { rest = rest.dropLast() }
    }
    guard let colon = rest.lastIndex(of: ":") else { return nil }
    let digits = rest[rest.index(after: colon)...]
    guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits),
      port > 0
    else { return nil }
    var host = String(rest[..<colon])
    if host.isEmpty || host == "localhost" { host = "127.0.0.1" }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      var address = in6_addr()
      guard inet_pton(AF_INET6, host, &address) == 1 else { return nil }
    } else {
      var address = in_addr()
      guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
    }
    self = .tcp(host: host, port: port)
  }

  package var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
