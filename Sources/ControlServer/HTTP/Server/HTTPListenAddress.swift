internal import Glibc

/// Where a listener listens.
package enum HTTPListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// An IP literal and a port; "" is every address of the host. Port 0 picks a free one.
  case tcp(host: String, port: UInt16)
  /// The path of a Unix socket.
  case unix(path: String)

  /// The longest path that fits a Unix socket's address, without its final NUL.
  static let longestPath = 107

  /// Reads "127.0.0.1:9466", "[::1]:9466", ":9465", "localhost:9466" or "unix:/run/tallygate.sock".
  package init(parsing text: String) throws(HTTPServerError) {
    if text.hasPrefix("unix:") {
      self = .unix(path: String(text.dropFirst("unix:".count)))
      try check()
      return
    }
    guard let colon = text.lastIndex(of: ":") else { throw .malformedAddress(text) }
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let port = UInt16(digits) else {
      throw .malformedAddress(text)
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      guard host.contains(":") else { throw .malformedAddress(text) }
    } else if host.contains(":") {
      throw .malformedAddress(text)
    }
    if host == "localhost" { host = "127.0.0.1" }
    self = .tcp(host: host, port: port)
    try check()
  }

  /// Throws when the address cannot be bound whatever the host looks like.
  func check() throws(HTTPServerError) {
    switch self {
    case .unix(let path):
      guard !path.isEmpty, !path.utf8.contains(0), path.utf8.count <= Self.longestPath else {
        throw .unusablePath(path)
      }
    case .tcp(let host, _):
      var storage = in6_addr()
      guard host.isEmpty || inet_pton(AF_INET, host, &storage) == 1 || inet_pton(AF_INET6, host, &storage) == 1 else {
        throw .malformedAddress(description)
      }
    }
  }

  package var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
