import Configuration
import Testing

@Suite("Web configuration file")
struct WebFileTests {
  private static let hash = "$2b$10$" + String(repeating: "a", count: 53)

  private func load(_ text: String, _ use: WebFileUse = .web) throws(ConfigurationErrors) -> WebFile {
    try WebFileLoader.parse(Array(text.utf8), file: "/etc/tallygate/web.yaml", for: use)
  }

  @Test("the format of exporter-toolkit is read: TLS, fields and users")
  func reads() throws {
    let file = try load(
      """
      tls_server_config:
        cert_file: tls.crt
        key_file: /keys/tls.key
        client_auth_type: RequireAndVerifyClientCert
        client_ca_file: ca.crt
        min_version: TLS13
      http_server_config:
        http2: false
        headers: { X-Content-Type-Options: nosniff }
      basic_auth_users:
        prometheus: \(Self.hash)
      """)
    let tls = try #require(file.tls)
    #expect(tls.certificateFile == "/etc/tallygate/tls.crt" && tls.keyFile == "/keys/tls.key")
    #expect(tls.clientAuthorities == "/etc/tallygate/ca.crt" && tls.clientAuthentication == .require)
    #expect(tls.minimumVersion == .tls13 && tls.maximumVersion == .tls13)
    #expect(file.headers.map(\.name) == ["x-content-type-options"] && file.headers.map(\.value) == ["nosniff"])
    #expect(file.users.map(\.name) == ["prometheus"] && file.users.map(\.hash) == [Self.hash])
    #expect(try load("") == WebFile())
  }

  @Test(
    "what cannot be, or what is not served, is an error with its line and key",
    arguments: [
      ("tls_server_config:\n  cert_file: a", 2, "tls_server_config"),
      ("tls_server_config:\n  cert_file: a\n  key_file: b\n  cipher_suites: [x]", 4, "tls_server_config.cipher_suites"),
      (
        "tls_server_config:\n  cert_file: a\n  key_file: b\n  client_auth_type: RequireAnyClientCert", 4,
        "tls_server_config.client_auth_type"
      ),
      ("tls_server_config: { cert_file: a, key_file: b, client_ca_file: c }", 1, "tls_server_config"),
      ("tls_server_config: { cert_file: a, key_file: b, min_version: TLS10 }", 1, "tls_server_config.min_version"),
      (
        "tls_server_config: { cert_file: a, key_file: b, min_version: TLS13, max_version: TLS12 }", 1,
        "tls_server_config"
      ),
      ("\nbasic_auth_user: {}", 2, "basic_auth_user"),
      ("basic_auth_users:\n  p: plain", 2, "basic_auth_users.p"),
      ("basic_auth_users:\n  p: $2b$31$" + String(repeating: "a", count: 53), 2, "basic_auth_users.p"),
      ("basic_auth_users: [p]", 1, "basic_auth_users"),
      ("http_server_config:\n  headers:\n    X-Own: 1", 3, "http_server_config.headers.X-Own"),
      ("http_server_config:\n  http2: maybe", 2, "http_server_config.http2"),
      ("rate_limit: {}", 1, "rate_limit"),
    ])
  func mistakes(text: String, line: Int, key: String) throws {
    let errors = #expect(throws: ConfigurationErrors.self) { try load(text) }
    let first = try #require(errors?.errors.first)
    #expect(first.line == line && first.key == key, "\(first)")
  }

  @Test("a password in the place of its hash is not repeated in the error")
  func secret() throws {
    let errors = #expect(throws: ConfigurationErrors.self) { try load("basic_auth_users: { p: my-secret-password }") }
    #expect(errors?.description.contains("my-secret") == false)
  }

  @Test("the control listener has tokens and no users")
  func control() throws {
    let errors = #expect(throws: ConfigurationErrors.self) {
      try load("basic_auth_users: { p: \(Self.hash) }", .control)
    }
    #expect(errors?.errors.first?.key == "basic_auth_users")
    #expect(try load("tls_server_config: { cert_file: a, key_file: b }", .control).tls != nil)
  }
}
