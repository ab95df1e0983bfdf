/// How a listener speaks TLS.
package struct TLSSettings: Hashable, Sendable {
  package enum ClientCertificates: Hashable, Sendable {
    case ignored
    /// Refuses a certificate that does not verify; a client may have none.
    case verified
    /// Refuses who has none.
    case required
  }

  /// PEM: the server's certificate and those between it and a root.
  package var certificateFile: String
  package var keyFile: String
  /// PEM: the roots that clients' certificates lead to.
  package var clientAuthorities: String?
  package var clientCertificates = ClientCertificates.ignored
  package var allowsTLS12 = true
  package var allowsTLS13 = true

  package init(certificateFile: String, keyFile: String) {
    self.certificateFile = certificateFile
    self.keyFile = keyFile
  }
}
