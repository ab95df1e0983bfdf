/// Why a listener could not be set up.
package enum HTTPServerError: Error, Equatable, CustomStringConvertible {
  case malformedAddress(String)
  case unusablePath(String)
  case addressInUse(String)
  /// Something that is no socket stands where the socket should be.
  case notASocket(path: String)
  case cannotBind(String, reason: String)
  case unusableCertificate(String)

  package var description: String {
    switch self {
    case .malformedAddress(let text):
      "'\(text)' is no listen address. Use an IP address and a port ('127.0.0.1:9466', '[::1]:9466'), a port alone "
        + "for every address (':9465'), or 'unix:/path'."
    case .unusablePath(let path):
      "'\(path)' cannot be the path of a Unix socket: it must have 1 to \(HTTPListenAddress.longestPath) bytes."
    case .addressInUse(let address): "\(address) is in use by another process. Stop it or choose another address."
    case .notASocket(let path): "'\(path)' exists and is not a socket. Remove it or choose another path."
    case .unusableCertificate(let reason): "TLS cannot be served: \(reason)."
    case .cannotBind(let address, let reason): "cannot listen on \(address): \(reason)."
    }
  }
}
