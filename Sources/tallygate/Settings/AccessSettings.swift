import Configuration
import ControlServer

/// Who may do what: files of tokens, and rules for the peers of the Unix socket.
struct AccessSettings: Sendable {
  var credentials = Gatekeeper.Credentials()

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

  private static func peers(_ text: String?, flag: String) throws(StartError) -> PeerRule? {
    guard let text else { return nil }
    guard let rule = PeerRule(text) else {
      throw StartError(
        "--\(flag): must be any, none, same-user, or user ids with commas, got \"\(text)\". Write for example 0,1000.")
    }
    return rule
  }
}
