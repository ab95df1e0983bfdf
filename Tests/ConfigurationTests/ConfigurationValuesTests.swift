import BudgetCore
import Testing

@testable import Configuration

@Suite struct ConfigurationValuesTests {
  @Test("the sample configuration is valid and says what its comments say")
  func sample() throws {
    let configuration = try ConfigurationLoader.load(file: samplePath)
    let budgets = configuration.ledger.budgets
    #expect(budgets.map(\.name) == ["agent-daily", "org-month", "session"])
    #expect(budgets[0].limit == 500_000)
    #expect(budgets[0].per == ["agent"])
    #expect(budgets[0].window == .calendar(CalendarRule(period: .day)))
    #expect(budgets[1].unit == .cost)
    #expect(budgets[1].limit == 500 * Money.picodollarsPerDollar)
    #expect(budgets[1].warnAt == Ratio(millionths: 700_000))
    #expect(budgets[2].limit == 50_000)
    #expect(budgets[2].window == .lifetime(idleExpiry: .hours(1)))
  }

  @Test("the commented examples of the sample are valid too")
  func commentedSample() throws {
    let bytes = try BoundedFile.read(samplePath, limit: 1 << 20, regular: true)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let uncommented: [String] = lines.map { line in
      // A commented line of YAML: `# key: …`, `#   key: …`, `  # - name: …`.
      guard let hash = line.firstIndex(of: "#"), line[..<hash].allSatisfy({ $0 == " " }) else { return String(line) }
      let rest = line[line.index(after: hash)...].dropFirst()
      let word = rest.drop { $0 == " " || $0 == "-" }.prefix { $0.isLetter || $0 == "_" }
      let after = rest.drop { $0 == " " || $0 == "-" }.dropFirst(word.count)
      guard !word.isEmpty, after.first == ":" else { return String(line) }
      return String(line[..<hash] + rest)
    }
    let configuration = try parse(uncommented.joined(separator: "\n"), file: "/etc/tallygate/tallygate.yaml")
    #expect(
      configuration.ledger.budgets.map(\.name)
        == [
          "agent-daily", "org-month", "session", "support-hourly", "support-hourly", "careful", "night-shift",
          "research",
        ])
    #expect(configuration.ledger.bounds == LedgerSettings.Bounds())
    #expect(configuration.prices.file == "/etc/tallygate/prices.json")
    #expect(configuration.prices.fallback == .rates(TokenRates(input: 5_000_000, output: 15_000_000)))
    #expect(configuration.listeners.udp == .address(host: "127.0.0.1", port: 8125))
    #expect(configuration.listeners.web == .address(host: "", port: 9465))
    #expect(configuration.listeners.unixgramPath == "/run/tallygate/usage.sock")
    #expect(configuration.control.address == .address(host: "127.0.0.1", port: 9466))
    #expect(configuration.control.socketPath == "/run/tallygate/control.sock")
    #expect(configuration.control.operatorTokenFile == "/etc/tallygate/operator.token")
    #expect(configuration.control.agentTokenFile == "/etc/tallygate/agent.token")
    #expect(configuration.state.directory == "/var/lib/tallygate")
    #expect(configuration.state.fsync == .interval)
    #expect(configuration.state.snapshotInterval == .minutes(5))
    #expect(configuration.log.level == .info)
    #expect(configuration.log.format == .logfmt)
  }

  @Test(
    "a file that says nothing is the built-in default", arguments: ["", "# nothing", "{}", "~", "budgets:\nlog:\n"])
  func empty(_ text: String) throws {
    let configuration = try parse(text)
    #expect(configuration.ledger.budgets.isEmpty)
    #expect(configuration.ledger.labels == ["agent", "user", "model", "token_type"])
    #expect(configuration.ledger.scopes == ["agent", "user", "model"])
    #expect(configuration.ledger.bounds == LedgerSettings.Bounds())
    #expect(configuration.listeners == ListenerSettings())
    #expect(configuration.prices == PriceSettings())
  }

  @Test("a budget inherits the defaults and may say otherwise")
  func inheritance() throws {
    let budgets = try parse(
      """
      defaults: {warn_at: 0.55, mode: shadow, reservation_ttl: 90s, on_expiry: refund, timezone: Europe/Berlin}
      budgets:
        - {name: a, limit: {tokens: 1}, window: {calendar: day}}
        - {name: b, limit: {tokens: 1}, window: {calendar: day, timezone: UTC}, warn_at: 1, mode: warn,
           reservation_ttl: 1s, on_expiry: charge}
      """
    ).ledger.budgets
    #expect(budgets[0].warnAt == Ratio(millionths: 550_000))
    #expect(budgets[0].mode == .shadow)
    #expect(budgets[0].reservationTTL == .seconds(90))
    #expect(budgets[0].onExpiry == .refund)
    let zone = try ZoneDirectory.system().rules(named: "Europe/Berlin")
    #expect(budgets[0].window == .calendar(CalendarRule(period: .day, zoneName: "Europe/Berlin", zone: zone)))
    #expect(budgets[1].warnAt == Ratio(millionths: 1_000_000))
    #expect(budgets[1].mode == .warn)
    #expect(budgets[1].reservationTTL == .seconds(1))
    #expect(budgets[1].onExpiry == .charge)
    #expect(budgets[1].window == .calendar(CalendarRule(period: .day)))
  }

  @Test("several limits are one budget for each unit")
  func severalLimits() throws {
    let budgets = try parse(
      """
      budgets:
        - name: all
          match: {agent: "*", team: "blue-?"}
          per: [agent, team.name]
          limit: {tokens: 500K, cost_usd: "0.000000000001", requests: 0}
          window: {rolling: 1h30m}
        - {name: counted, limit: {tokens: unlimited}, window: {lifetime: {}}}
      """
    ).ledger.budgets
    #expect(budgets.map(\.unit) == [.tokens, .cost, .requests, .tokens])
    #expect(budgets.map(\.limit) == [500_000, 1, 0, nil])
    #expect(budgets[0].match == [TagPattern(key: "agent", glob: "*"), TagPattern(key: "team", glob: "blue-?")])
    #expect(budgets[1].per == ["agent", "team.name"])
    #expect(budgets[2].window == .rolling(.minutes(90)))
    #expect(budgets[3].window == .lifetime(idleExpiry: nil))
  }

  @Test(
    "windows are read",
    arguments: [
      ("rolling: 7d", .rolling(.days(7))), ("fixed: 1h", .fixed(.hours(1))), ("lifetime: ", .lifetime(idleExpiry: nil)),
      ("lifetime: {idle_expiry: 30m}", .lifetime(idleExpiry: .minutes(30))),
      ("calendar: hour", .calendar(CalendarRule(period: .hour))),
      ("calendar: day, starts_at: \"06:30\"", .calendar(CalendarRule(period: .day, startOfDay: 23_400))),
      ("calendar: day, starts_at: 23:59", .calendar(CalendarRule(period: .day, startOfDay: 86_340))),
      ("calendar: week, week_starts: sunday", .calendar(CalendarRule(period: .week, firstWeekday: 7))),
      ("calendar: month", .calendar(CalendarRule(period: .month))),
      ("calendar: quarter", .calendar(CalendarRule(period: .quarter))),
      ("calendar: year, timezone: Etc/UTC", .calendar(CalendarRule(period: .year, zoneName: "Etc/UTC"))),
    ] as [(String, WindowRule)])
  func windows(text: String, window: WindowRule) throws {
    let budgets = try parse("budgets: [{name: a, limit: {tokens: 1}, window: {\(text)}}]").ledger.budgets
    #expect(budgets.map(\.window) == [window])
  }

  @Test(
    "B24: a preset fills what is not said",
    arguments: [
      ("support", 500_000), ("research", 2_000_000), ("code", 3_000_000), ("data", 1_000_000), ("internal", 200_000),
    ] as [(String, Quantity)])
  func presets(name: String, tokens: Quantity) throws {
    let budgets = try parse(
      """
      budgets:
        - {name: a, preset: \(name)}
        - {name: b, preset: \(name), limit: {requests: 5}, window: {fixed: 1m}}
      """
    ).ledger.budgets
    #expect(budgets.map(\.limit) == [tokens, 5])
    #expect(budgets.map(\.window) == [.calendar(CalendarRule(period: .day)), .fixed(.minutes(1))])
  }

  @Test("labels, scopes, bounds and paths are read")
  func others() throws {
    let configuration = try parse(
      """
      labels: [team, token_type]
      scopes: [team.name]
      bounds: {max_series: 1K, series_idle_expiry: 1h}
      prices: {file: ./prices.json, fallback: none}
      udp: {listen_address: ""}
      state: {dir: /state, fsync: always}
      log: {format: json, level: debug}
      """, file: "/etc/tallygate/config.yaml")
    #expect(configuration.ledger.labels == ["team", "token_type"])
    #expect(configuration.ledger.scopes == ["team.name"])
    #expect(configuration.ledger.bounds.maxSeries == 1000)
    #expect(configuration.ledger.bounds.maxAccounts == LedgerSettings.Bounds().maxAccounts)
    #expect(configuration.ledger.bounds.seriesIdleExpiry == .hours(1))
    #expect(configuration.prices.file == "/etc/tallygate/./prices.json")
    #expect(configuration.prices.fallback == PriceSettings.Fallback.none)
    #expect(configuration.listeners.udp == .off)
    #expect(configuration.listeners.web == nil)
    #expect(configuration.state.directory == "/state")
    #expect(configuration.log.format == .json)
  }
}
