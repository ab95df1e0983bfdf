import Glibc

/// Why a receiver could not be set up.
package enum IngestionError: Error, Hashable, CustomStringConvertible {
  /// The text is not an address to listen on.
  case invalidAddress(String, reason: String)
  /// The path does not fit a socket address.
  case pathTooLong(String, bytes: Int, limit: Int)
  /// Something that is not a socket stands at the path.
  case notASocket(String)
  /// Another process receives there.
  case inUse(String)
  /// A system call failed.
  case system(call: String, subject: String, code: Int32)

  package var description: String {
    switch self {
    case .invalidAddress(let text, let reason):
      "Cannot listen on '\(text)': \(reason). Use an IP address and a port, as in 127.0.0.1:8125 or [::1]:8125"
    case .pathTooLong(let path, let bytes, let limit):
      "The socket path '\(path)' has \(bytes) bytes, a socket address holds \(limit). Use a shorter path"
    case .notASocket(let path):
      "'\(path)' exists and is not a socket. Use another path, or remove the file"
    case .inUse(let address):
      "Another process already receives on '\(address)'. Stop it, or use another address"
    case .system(let call, let subject, let code):
      "Cannot receive on '\(subject)': \(call): \(String(cString: strerror(code)))"
    }
  }
}
