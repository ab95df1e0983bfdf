/// What a `--web.config.file` says: the part of Prometheus' exporter-toolkit format that is served here.
package struct WebFile: Hashable, Sendable {
  package struct TLS: Hashable, Sendable {
    package enum ClientAuthentication: String, CaseIterable, Sendable {
      case none = "NoClientCert"
      case verifyIfGiven = "VerifyClientCertIfGiven"
      case require = "RequireAndVerifyClientCert"
    }

    package enum Version: String, CaseIterable, Sendable {
      case tls12 = "TLS12"
      case tls13 = "TLS13"
    }

    package var certificateFile: String
    package var keyFile: String
    package var clientAuthorities: String?
    package var clientAuthentication = ClientAuthentication.none
    package var minimumVersion = Version.tls12
    package var maximumVersion = Version.tls13
  }

  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  package struct User: Hashable, Sendable {
    package var name: String
    /// In the form of bcrypt: `$2b$10$…`.
    package var hash: String
  }

  package var tls: TLS?
  /// Fields of every answer.
  package var headers: [Header] = []
  package var users: [User] = []

  package init() {}
}

/// Who reads such a file.
package enum WebFileUse: Sendable {
  /// Pages: TLS, fields and users.
  case web
  /// Verbs: who may do what is said by tokens there, so that users are a mistake.
  case control
}
