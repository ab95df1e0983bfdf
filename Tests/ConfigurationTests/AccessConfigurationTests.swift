import Configuration
import Testing

@Suite("Access and gateways in a configuration")
struct AccessConfigurationTests {
  private func load(_ text: String) throws(ConfigurationErrors) -> Configuration {
    try ConfigurationLoader.parse(Array(text.utf8), file: "/etc/tallygate/t.yaml")
  }

  @Test("tokens and peers are read, paths from the folder of the file")
  func access() throws {
    let loaded = try load(
      """
      web: { listen_address: ":9465", scraper_token_file: scraper.token, otel_names: true }
      control: { socket_agents: same-user, socket_operators: "0,1000" }
      """)
    #expect(loaded.listeners.scraperTokenFile == "/etc/tallygate/scraper.token")
    #expect(loaded.listeners.otelNames == true)
    #expect(loaded.control.socketAgents == "same-user")
    #expect(loaded.control.socketOperators == "0,1000")
  }

  @Test("how gateways ask is read")
  func authorize() throws {
    let loaded = try load(
      "authorize: { headers: { Remote-User: user, X-Team: team }, denied_status: 403, require: [user] }")
    #expect(loaded.authorize.headers.map(\.header) == ["remote-user", "x-team"])
    #expect(loaded.authorize.headers.map(\.tag) == ["user", "team"])
    #expect(loaded.authorize.deniedStatus == 403)
    #expect(loaded.authorize.required == ["user"])
    #expect(try load("authorize:").authorize == AuthorizeSettings())
  }

  @Test(
    "what cannot be is an error that names the key",
    arguments: [
      ("web: { otel_names: perhaps }", "web.otel_names"),
      ("control: { socket_agents: everybody }", "control.socket_agents"),
      ("control: { socket_operators: \"0,,1\" }", "control.socket_operators"),
      ("authorize: { denied_status: 500 }", "authorize.denied_status"),
      ("authorize: { headers: [user] }", "authorize.headers"),
      ("authorize: { headers: { \"a b\": user } }", "authorize.headers"),
      ("authorize: { headers: { X-User: id } }", "authorize.headers"),
      ("authorize: { headers: { X-User: user, x-user: team } }", "authorize.headers"),
      ("authorize: { headers: { X-User: user, X-Name: user } }", "authorize.headers"),
      ("authorize: { require: [reservation] }", "authorize.require"),
      ("authorize: { deny: 403 }", "authorize.deny"),
    ])
  func mistakes(text: String, key: String) throws {
    let errors = #expect(throws: ConfigurationErrors.self) { try load(text) }
    #expect(errors?.errors.count == 1)
    #expect(errors?.errors.first?.key.hasPrefix(key) == true, "\(errors?.description ?? "")")
    #expect(errors?.errors.first?.line == 1)
  }
}
