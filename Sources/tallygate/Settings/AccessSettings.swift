import Configuration
import ControlServer

/// Who may do what: files of tokens, and rules for the peers of the Unix socket.
struct AccessSettings: Sendable {
  var credentials = Gatekeeper.Credentials()
  var web: ListenerSecurity
  var control: ListenerSecurity

  init(flags: RunFlags, environment: Environment, file: Configuration) throws(StartError) {
    func value(_ given: String?, _ flag: String, _ inFile: String?) -> String? {
      let text = given ?? environment[flag: flag] ?? inFile
      return text?.isEmpty == true ? nil : text
    }
    let (operators, agents) = ("control.operator-token-file", "control.agent-token-file")
    credentials.operators = try Self.tokens(
      value(flags.controlOperatorTokenFile, operators, file.control.operatorTokenFile), flag: operators)
    credentials.agents = try Self.tokens(
      value(flags.controlAgentTokenFile, agents, file.control.agentTokenFile), flag: agents, binds: true)
    let scrapers = "web.scraper-token-file"
    credentials.scrapers = try Self.tokens(
      value(flags.webScraperTokenFile, scrapers, file.listeners.scraperTokenFile), flag: scrapers)
    web = try Self.security(
      value(flags.webConfigFile, "web.config.file", file.listeners.webConfigFile), for: .web)
    control = try Self.security(
      value(flags.controlConfigFile, "control.config.file", file.control.configFile), for: .control)
    credentials.web = web
    let (agentPeers, operatorPeers) = ("control.socket-agents", "control.socket-operators")
    credentials.agentPeers = try Self.peers(
      value(flags.controlSocketAgents, agentPeers, file.control.socketAgents), flag: agentPeers)
    credentials.operatorPeers =
      try Self.peers(
        value(flags.controlSocketOperators, operatorPeers, file.control.socketOperators), flag: operatorPeers)
      ?? .none
  }

  /// A file without a token would admit nobody, and a line that cannot be understood not the one who wrote it: mistakes
  /// better told now.
  private static func tokens(_ path: String?, flag: String, binds: Bool = false) throws(StartError) -> TokenFile? {
    guard let path else { return nil }
    let tokens = TokenFile(path: path, binds: binds)
    if let line = tokens.malformedLines.first {
      let form = binds ? "TOKEN name=NAME agent=NAME,… user=NAME,…" : "TOKEN name=NAME"
      throw StartError("--\(flag) \(path):\(line): what follows the token cannot be understood. Write \(form).")
    }
    guard let count = tokens.count, count > 0 else {
      throw StartError(
        "--\(flag) \(path): no token can be read there. Put one in it, at the beginning of a line, of at least "
          + "\(TokenFile.shortestToken) bytes, for example from: openssl rand -hex 32")
    }
    return tokens
  }

  private static func security(_ path: String?, for use: WebFileUse) throws(StartError) -> ListenerSecurity {
    guard let path else { return .none }
    do {
      return try ListenerSecurity(file: path) {
        ListenerSecurity.Content(try WebFileLoader.load(file: path, for: use))
      }
    } catch let errors as ConfigurationErrors {
      throw StartError(lines: errors.errors.map(\.description))
    } catch {
      throw StartError("\(path): \(error)")
    }
  }

  private static func peers(_ text: String?, flag: String) throws(StartError) -> PeerRule? {
    guard let text else { return nil }
    guard let rule = PeerRule(text) else {
      throw StartError(
        "--\(flag): must be any, none, same-user, or user ids with commas, got \"\(text)\". Write for example 0,1000.")
    }
    return rule
  }
}

extension ListenerSecurity.Content {
  init(_ file: WebFile) {
    self.init()
    headers = file.headers.map { ($0.name, $0.value) }
    if !file.users.isEmpty { users = BasicUsers(file.users.map { ($0.name, $0.hash) }) }
    guard let from = file.tls else { return }
    var settings = TLSSettings(certificateFile: from.certificateFile, keyFile: from.keyFile)
    settings.clientAuthorities = from.clientAuthorities
    settings.clientCertificates =
      switch from.clientAuthentication {
      case .none: .ignored
      case .verifyIfGiven: .verified
      case .require: .required
      }
    settings.allowsTLS12 = from.minimumVersion == .tls12
    settings.allowsTLS13 = from.maximumVersion == .tls13
    tls = settings
  }
}
