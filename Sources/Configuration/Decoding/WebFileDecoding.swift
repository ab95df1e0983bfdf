// The format of exporter-toolkit. What it knows and we do not serve is an error too: nobody should believe that a
// restriction holds which does not.
extension ConfigurationDecoder {
  private static let mostUsers = 100
  /// A tenth of a second each for most machines; more would let anybody keep a core busy.
  private static let costs = 4...15

  mutating func webFile(_ field: Field, for use: WebFileUse) -> WebFile {
    var result = WebFile()
    let keys = ["tls_server_config", "http_server_config"] + (use == .web ? ["basic_auth_users"] : [])
    guard let root = section(field, keys: keys) else { return result }
    if let tls = root["tls_server_config"] { result.tls = tlsServer(tls) }
    if let http = section(root["http_server_config"], keys: ["http2", "headers"]) {
      // Only HTTP/1.1 is served, which is what both answers lead to without an agreement on more.
      _ = choice(http["http2"], among: ["true", "false"])
      result.headers = headers(http["headers"])
    }
    result.users = users(root["basic_auth_users"])
    return result
  }

  private mutating func tlsServer(_ field: Field) -> WebFile.TLS? {
    let keys = ["cert_file", "key_file", "client_auth_type", "client_ca_file", "min_version", "max_version"]
    guard let section = section(field, keys: keys) else { return nil }
    let example = "/etc/tallygate/tls.crt"
    for key in ["cert_file", "key_file"] where section[key] == nil {
      fail(field, "needs \(key)", "Write for example \(key): \(example)")
    }
    guard let certificate = path(section["cert_file"], example: example),
      let key = path(section["key_file"], example: "/etc/tallygate/tls.key")
    else { return nil }
    var result = WebFile.TLS(certificateFile: certificate, keyFile: key)
    result.clientAuthorities = path(section["client_ca_file"], example: "/etc/tallygate/ca.crt")
    if let kind: WebFile.TLS.ClientAuthentication = choice(section["client_auth_type"]) {
      result.clientAuthentication = kind
    }
    if let version: WebFile.TLS.Version = choice(section["min_version"]) { result.minimumVersion = version }
    if let version: WebFile.TLS.Version = choice(section["max_version"]) { result.maximumVersion = version }
    if result.minimumVersion == .tls13, result.maximumVersion == .tls12 {
      fail(field, "has a min_version above its max_version", "Write max_version: TLS13")
    }
    if (result.clientAuthentication == .none) != (result.clientAuthorities == nil) {
      fail(
        field, "client_ca_file and a client_auth_type that verifies go together",
        "Write both, for example client_auth_type: RequireAndVerifyClientCert")
    }
    return result
  }

  private mutating func headers(_ field: Field?) -> [WebFile.Header] {
    let known = [
      "Strict-Transport-Security", "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options",
      "X-XSS-Protection",
    ]
    guard let section = section(field, keys: known) else { return [] }
    return section.entries.compactMap { entry in
      guard let value = text(section[entry.key], expected: "text", example: "nosniff") else { return nil }
      return WebFile.Header(name: entry.key.lowercased(), value: value)
    }
  }

  private mutating func users(_ field: Field?) -> [WebFile.User] {
    guard let field, !field.node.isNull else { return [] }
    let example = "basic_auth_users: { prometheus: \"$2b$10$…\" }"
    guard case .mapping(let entries) = field.node.content, entries.count <= Self.mostUsers else {
      fail(
        field, "must be a mapping of at most \(Self.mostUsers) names to bcrypt hashes", "Write for example \(example)")
      return []
    }
    return entries.compactMap { entry in
      let value = Field(node: entry.value, path: field.path(of: printable(entry.key)))
      guard !entry.key.isEmpty, !entry.key.contains(":"),
        let hash = text(value, expected: "a bcrypt hash", example: example)
      else {
        fail(entry.mark, field.path, "a name has at least a character and no colon", "Write for example \(example)")
        return nil
      }
      guard Self.isBcrypt(hash) else {
        // The hash itself is not repeated: errors end up in logs.
        fail(
          entry.mark, value.path, "must be a bcrypt hash of cost \(Self.costs.lowerBound) to \(Self.costs.upperBound)",
          "Make one with htpasswd -nBC 10 NAME")
        return nil
      }
      return WebFile.User(name: entry.key, hash: hash)
    }
  }

  private static func isBcrypt(_ text: String) -> Bool {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]), parts[2].utf8.count == 2,
      let cost = Int(parts[2]), costs.contains(cost), parts[3].utf8.count == 53
    else { return false }
    return parts[3].utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "/"):
        true
      default: false
      }
    }
  }
}
