import Testing

@testable import Configuration

@Suite struct ConfigurationErrorsTests {
  /// A configuration with exactly one error.
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let line: Int
    let key: String
    /// Part of what is wrong.
    let problem: String
    /// Part of what would be right.
    let remedy: String

    init(_ text: String, line: Int = 1, _ key: String, _ problem: String, _ remedy: String) {
      self.text = text
      self.line = line
      self.key = key
      self.problem = problem
      self.remedy = remedy
    }

    /// One budget on line 2, with `rest` after its name.
    init(budget rest: String, line: Int = 2, _ key: String, _ problem: String, _ remedy: String) {
      let key = key.isEmpty ? "budgets[0]" : "budgets[0].\(key)"
      self.init("budgets:\n  - {name: a, \(rest)}\n", line: line, key, problem, remedy)
    }

    /// One budget with this window.
    init(window: String, _ key: String, _ problem: String, _ remedy: String) {
      self.init(
        budget: "limit: {tokens: 1}, window: \(window)", key.isEmpty ? "window" : "window.\(key)", problem, remedy)
    }

    /// One budget with this limit.
    init(limit: String, _ key: String, _ problem: String, _ remedy: String) {
      self.init(
        budget: "window: {rolling: 1h}, limit: \(limit)", key.isEmpty ? "limit" : "limit.\(key)", problem, remedy)
    }

    var testDescription: String { text }
  }

  static let valid = "limit: {tokens: 1}, window: {rolling: 1h}"

  static let files = [
    Case("- 1", "", "must be a mapping", "defaults"),
    Case("just text", "", "must be a mapping, got \"just text\"", "budgets"),
    Case("budget: []", "budget", "unknown key", "Did you mean budgets?"),
    Case("\n\ncolour: red", line: 3, "colour", "unknown key", "Known keys here are defaults, labels"),
    Case("\"a\\nb\": 1", "\"a\\u{a}b\"", "unknown key", "Known keys"),
    Case("a: 1\n\ta: 2", line: 2, "", "not valid YAML", "Indent with spaces"),
    Case("defaults: 5", "defaults", "must be a mapping, got \"5\"", "warn_at"),
    Case("defaults: {warn_at: 1.1}", "defaults.warn_at", "from 0 to 1", "0.8"),
    Case("defaults: {warn_at: 80%}", "defaults.warn_at", "got \"80%\"", "0.8"),
    Case("defaults: {warn_at: .nan}", "defaults.warn_at", "got \".nan\"", "0.8"),
    Case("defaults: {warn_at: -0.1}", "defaults.warn_at", "got \"-0.1\"", "0.8"),
    Case("defaults: {warn_at: }", "defaults.warn_at", "got nothing", "0.8"),
    Case("defaults: {mode: Enforce}", "defaults.mode", "one of shadow, warn, enforce", "enforce"),
    Case("defaults: {mode: block}", "defaults.mode", "got \"block\"", "shadow"),
    Case("defaults: {on_expiry: refnd}", "defaults.on_expiry", "charge, refund", "Write for example refund"),
    Case("defaults: {reservation_ttl: 600}", "defaults.reservation_ttl", "a duration from 1s to 31d", "600s, 600m"),
    Case("defaults: {reservation_ttl: 0}", "defaults.reservation_ttl", "a duration from 1s", "0s"),
    Case("defaults: {timezone: Europe/Berln}", "defaults.timezone", "no time zone \"Europe/Berln\"", "IANA name"),
    Case("defaults: {timezone: ../../etc/passwd}", "defaults.timezone", "no time zone", "IANA name"),
    Case("defaults: {timezone: zone.tab}", "defaults.timezone", "cannot be used (notTZif)", "IANA name"),
    Case("labels: agent", "labels", "must be a list, got \"agent\"", "[agent, user, model, token_type]"),
    Case("labels: [agent, le]", "labels[1]", "\"le\" is a label that the exporter sets", "another name"),
    Case("labels: [budget]", "labels[0]", "\"budget\" is a label that the exporter sets", "another name"),
    Case("labels: [__name__]", "labels[0]", "not the name of a label", "not starting with a digit or __"),
    Case("labels: [team.name]", "labels[0]", "not the name of a label", "letters, digits and _"),
    Case("labels: [\"\"]", "labels[0]", "not the name of a label", "letters"),
    Case("labels:\n- agent\n- agent", line: 3, "labels[1]", "given twice", "Remove one"),
    Case("labels: [id]", "labels[0]", "differs on every usage line", "session"),
    Case("labels: [kind]", "labels[0]", "short form", "token_type"),
    Case("labels: [[a]]", "labels[0]", "got a list", "agent"),
    Case("scopes: [9lives]", "scopes[0]", "not the name of a tag", "starting with a letter"),
    Case(
      "scopes: [a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q]", "scopes", "has 17 entries, more than 16", "Keep at most 16"),
    Case("bounds: {max_series: 0}", "bounds.max_series", "whole number from 1 to 10000000", "100000"),
    Case("bounds: {max_accounts: 1e9}", "bounds.max_accounts", "got \"1e9\"", "10000"),
    Case("bounds: {max_serie: 1}", "bounds.max_serie", "unknown key", "Did you mean max_series?"),
    Case("bounds: {series_idle_expiry: 1s}", "bounds.series_idle_expiry", "from 1m to 366d", "24h"),
    Case("prices: {file: \"\"}", "prices.file", "a path of 1 to 4096 bytes", "prices.json"),
    Case("prices: {fallback: free}", "prices.fallback", "two prices, or none", "none"),
    Case(
      "prices: {fallback: {input_usd_per_million: 5}}", "prices.fallback", "has no output_usd_per_million",
      "input_usd_per_million"),
    Case(
      "prices: {fallback: {input_usd_per_million: \"$5\", output_usd_per_million: 1}}",
      "prices.fallback.input_usd_per_million", "got \"$5\"", "2.50"),
    Case("udp: {listen_address: 8125}", "udp.listen_address", "an IP address and a port", "127.0.0.1:8125"),
    Case("web: {listen_address: \"example.org:80\"}", "web.listen_address", "an IP address and a port", ":9465"),
    Case("web: {listen-address: \":80\"}", "web.listen-address", "unknown key", "Did you mean listen_address?"),
    Case("unixgram: {listen_path: \"/a\\0b\"}", "unixgram.listen_path", "1 to 107 bytes", "/run/tallygate/usage.sock"),
    Case("control: {sockets: /x}", "control.sockets", "unknown key", "Did you mean socket?"),
    Case("state: {fsync: sometimes}", "state.fsync", "one of always, interval, never", "always"),
    Case("state: {snapshot_interval: 2d}", "state.snapshot_interval", "from 1s to 24h", "5m"),
    Case("log: {level: warn}", "log.level", "got \"warn\"", "Write for example"),
    Case("log: {format: [json]}", "log.format", "got a list", "logfmt"),
  ]

  static let budgets = [
    Case("budgets: {a: 1}", "budgets", "must be a list, got a mapping", "agent-daily"),
    Case("budgets:\n  -\n", line: 2, "budgets[0]", "must be a budget, got nothing", "agent-daily"),
    Case("budgets: [5]", "budgets[0]", "must be a mapping", "name"),
    Case("budgets:\n- {\(valid)}", line: 2, "budgets[0]", "has no name", "agent-daily"),
    Case("budgets: [{name: \"a b\", \(valid)}]", "budgets[0].name", "got \"a b\"", "agent-daily"),
    Case("budgets: [{name: \"\", \(valid)}]", "budgets[0].name", "1 to 64 letters", "agent-daily"),
    Case(
      "budgets:\n- {name: a, \(valid)}\n- {name: a, \(valid)}", line: 3, "budgets[1].name",
      "is taken by the budget on line 2", "another name"),
    Case(budget: "\(valid), limts: 1", "limts", "unknown key", "Did you mean limit?"),
    Case(budget: "\(valid), warn_at: half", "warn_at", "got \"half\"", "0.8"),
    Case(budget: "\(valid), mode: soft", "mode", "one of shadow, warn, enforce", "shadow"),
    Case(budget: "\(valid), reservation_ttl: 10min", "reservation_ttl", "got \"10min\"", "10m"),
    Case(budget: "\(valid), per: agent", "per", "must be a list", "[agent]"),
    Case(budget: "\(valid), per: [agent, agent]", "per[1]", "given twice", "Remove one"),
    Case(budget: "\(valid), per: [reservation]", "per[0]", "differs on every usage line", "session"),
    Case(budget: "\(valid), per: [unit]", "per[0]", "a label that the exporter sets", "another name"),
    Case(budget: "\(valid), per: [a.b, a-b]", "per[1]", "become the same label a_b", "Remove one"),
    Case(budget: "\(valid), per: [__x]", "per[0]", "Prometheus keeps", "__"),
    Case(budget: "\(valid), per: [\"a b\"]", "per[0]", "not the name of a tag", "letters"),
    Case(budget: "\(valid), match: agent", "match", "must be a mapping of tags to patterns", "support-*"),
    Case(budget: "\(valid), match: {id: x}", "match.id", "differs on every usage line", "session"),
    Case(budget: "\(valid), match: {agent: }", "match.agent", "got nothing", "support-*"),
    Case(budget: "\(valid), match: {agent: [a, b]}", "match.agent", "got a list", "support-*"),
    Case(budget: "\(valid), preset: suport", "preset", "got \"suport\"", "Write for example support"),
    Case(budget: "window: {rolling: 1h}", "", "a budget needs a limit", "{ tokens: unlimited }"),
    Case(limit: "500K", "", "must name what is limited, got \"500K\"", "tokens: 500_000"),
    Case(limit: "unlimited", "", "must name what is limited", "{ tokens: unlimited }"),
    Case(limit: "~", "", "got nothing", "tokens: 500_000"),
    Case(limit: "{}", "", "must name what is limited", "tokens: 500_000"),
    Case(limit: "{token: 5}", "token", "unknown key", "Did you mean tokens?"),
    Case(limit: "{tokens: -5}", "tokens", "must be a whole number from 0", "500_000"),
    Case(limit: "{tokens: 1.5}", "tokens", "got \"1.5\"", "500_000"),
    Case(limit: "{tokens: .inf}", "tokens", "got \".inf\"", "500_000"),
    Case(limit: "{tokens: nan}", "tokens", "got \"nan\"", "500_000"),
    Case(limit: "{tokens: 1e400}", "tokens", "got \"1e400\"", "500_000"),
    Case(limit: "{tokens: 99999999999999999999999}", "tokens", "from 0 to 1000000000000000000", "500_000"),
    Case(limit: "{tokens: }", "tokens", "got nothing", "500_000"),
    Case(limit: "{requests: many}", "requests", "got \"many\"", "1_000"),
    Case(limit: "{cost_usd: -1}", "cost_usd", "USD >= 0", "25.00"),
    Case(limit: "{cost_usd: $25}", "cost_usd", "got \"$25\"", "25.00"),
    Case(limit: "{cost_usd: 1e3}", "cost_usd", "got \"1e3\"", "25.00"),
    Case(limit: "{cost_usd: 0.0000000000001}", "cost_usd", "at most 12 decimals", "25.00"),
    Case(limit: "{cost_usd: 1000000000001}", "cost_usd", "USD >= 0", "25.00"),
    Case(budget: "limit: {tokens: 1}", "", "a budget needs a window", "{ rolling: 24h }"),
    Case(window: "24h", "", "must be a mapping, got \"24h\"", "rolling"),
    Case(window: "", "", "one of rolling, fixed, calendar, lifetime", "{ calendar: day }"),
    Case(window: "{}", "", "got none", "{ calendar: day }"),
    Case(window: "{rolling: 1h, fixed: 1h}", "", "got rolling, fixed", "{ calendar: day }"),
    Case(window: "{rolling: 0}", "rolling", "a duration from 1s to 366d", "0s, 0m"),
    Case(window: "{rolling: 500ms}", "rolling", "got \"500ms\"", "24h"),
    Case(window: "{rolling: 367d}", "rolling", "from 1s to 366d", "24h"),
    Case(window: "{fixed: hourly}", "fixed", "got \"hourly\"", "1h"),
    Case(window: "{rolling: 1h, timezone: UTC}", "timezone", "only a calendar window", "Remove it"),
    Case(window: "{calendar: daily}", "calendar", "one of hour, day, week", "Write for example"),
    Case(window: "{calendar: day, starts_at: 6am}", "starts_at", "got \"6am\"", "06:00"),
    Case(window: "{calendar: day, starts_at: \"24:00\"}", "starts_at", "from 00:00 to 23:59", "06:00"),
    Case(window: "{calendar: hour, starts_at: \"06:00\"}", "starts_at", "on the full hour", "Remove"),
    Case(window: "{calendar: day, week_starts: monday}", "week_starts", "only a calendar week", "calendar: week"),
    Case(window: "{calendar: week, week_starts: Sonntag}", "week_starts", "one of monday", "Write for example"),
    Case(window: "{calendar: day, timezone: Mars/Base}", "timezone", "no time zone \"Mars/Base\"", "IANA name"),
    Case(window: "{lifetime: 1h}", "lifetime", "must be a mapping, got \"1h\"", "idle_expiry"),
    Case(window: "{lifetime: {idle: 1h}}", "lifetime.idle", "unknown key", "idle_expiry"),
  ]

  @Test("A1: each mistake is named with its line, its key and a remedy", arguments: files + budgets)
  func mistakes(example: Case) throws {
    let found = errors(in: example.text)
    try #require(found.count == 1, "\(found.map(\.description))")
    #expect(found[0].file == "config.yaml")
    #expect(found[0].line == example.line)
    #expect(found[0].column != nil)
    #expect(found[0].key == example.key)
    #expect(found[0].problem.contains(example.problem), "\(found[0])")
    #expect(found[0].remedy.contains(example.remedy), "\(found[0])")
    #expect(!found[0].description.contains("\n"))
  }

  @Test("every mistake of a file is reported, in the order of its lines")
  func all() {
    let found = errors(
      in: """
        labels: [le]
        budgets:
          - name: a
            limit:
              tokens: -5
            windw: {rolling: 1h}
          - name: a
            limit: {tokens: 1}
            window: {rolling: soon}
        log: {level: loud}
        """)
    #expect(
      found.map(\.key) == [
        "labels[0]", "budgets[0]", "budgets[0].limit.tokens", "budgets[0].windw", "budgets[1].name",
        "budgets[1].window.rolling", "log.level",
      ])
    #expect(found[3].description == "config.yaml:6:5: budgets[0].windw: unknown key. Did you mean window?")
    #expect(
      found[2].description
        == "config.yaml:5:15: budgets[0].limit.tokens: must be a whole number from 0 to 1000000000000000000, "
        + "got \"-5\". Write for example 500_000.")
  }

  @Test("a file full of mistakes is reported in bounds")
  func bounded() {
    let text = (0..<5000).map { "key\($0): 1\n" }.joined()
    do throws(ConfigurationErrors) {
      _ = try parse(text)
      Issue.record("accepted")
    } catch {
      #expect(error.errors.count == 100)
      #expect(error.omitted == 4900)
      #expect(error.description.hasSuffix("and 4900 more"))
    }
  }

  @Test("more budgets than are kept are refused")
  func tooManyBudgets() {
    let budgets = (0...1000).map { "- {name: b\($0), \(Self.valid)}\n" }.joined()
    #expect(errors(in: "budgets:\n" + budgets).map(\.key) == ["budgets"])
  }

  @Test("a file that cannot be read is named", arguments: ["/nonexistent/config.yaml", "/etc"])
  func unreadable(path: String) {
    do throws(ConfigurationErrors) {
      _ = try ConfigurationLoader.load(file: path)
      Issue.record("accepted")
    } catch {
      #expect(error.errors.count == 1)
      #expect(error.description.hasPrefix("\(path): cannot be read: "))
      #expect(error.description.hasSuffix("Name a readable YAML file with --config."))
    }
  }

  @Test("damaged configurations are accepted or refused, never fatal")
  func damaged() throws {
    var random = MutationRandom("damaged configurations")
    let sample = try BoundedFile.read(samplePath, limit: 1 << 20, regular: true)
    let pieces = [
      "&a ", "*a", "<<: ", "- ", "? ", "[", "{", "\"", "!!", "\t", "---\n", "| ", "%YAML ", "99999999999999999999",
    ]
    var accepted = 0
    for _ in 0..<3000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random)!.utf8, at: position)
        case 2: bytes.removeSubrange(position..<min(bytes.count, position + 8))
        default:
          let byte = bytes[position]
          bytes.removeAll { $0 == byte && Bool.random(using: &random) }
        }
        if bytes.isEmpty { bytes = [0] }
      }
      do throws(ConfigurationErrors) {
        _ = try ConfigurationLoader.parse(bytes, file: "config.yaml")
        accepted += 1
      } catch {
        #expect(!error.errors.isEmpty && error.errors.allSatisfy { ($0.line ?? 0) > 0 }, "seed \(random.seed)")
      }
    }
    #expect(accepted > 0 && accepted < 3000)
  }
}
