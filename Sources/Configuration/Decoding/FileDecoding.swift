import BudgetCore

/// The whole file, and the settings of the program around the ledger.
extension ConfigurationDecoder {
  /// Accounts, series and ids each take memory: no bound may be set beyond this.
  private static let largestBound: Int64 = 10_000_000

  mutating func configuration(_ field: Field) -> Configuration {
    var result = Configuration()
    let keys = [
      "defaults", "labels", "scopes", "budgets", "pools", "prices", "bounds", "udp", "unixgram", "web", "control",
      "authorize", "state", "log", "advice", "estimates", "activities", "jobs", "runaway", "anomaly", "enforce",
    ]
    guard let root = section(field, keys: keys) else { return result }
    let defaults = budgetDefaults(root["defaults"])
    if let labels = tags(root["labels"], use: .label, atMost: 32, example: "[agent, user, model, token_type]") {
      result.ledger.labels = labels
    }
    if let scopes = tags(root["scopes"], use: .scope, atMost: 16, example: "[agent, user, model]") {
      result.ledger.scopes = scopes
    }
    result.ledger.budgets = budgets(root["budgets"], defaults: defaults)
    result.ledger.pools = pools(root["pools"], defaults: defaults)
    result.ledger.estimates = estimates(root["estimates"])
    result.ledger.bounds = bounds(root["bounds"])
    result.ledger.advice = advice(root["advice"])
    result.ledger.activities = activities(root, budgets: result.ledger.budgets)
    result.ledger.anomaly = anomaly(root["anomaly"])
    result.prices = prices(root["prices"])
    result.listeners.udp = listenAddress(
      section(root["udp"], keys: ["listen_address"])?["listen_address"], example: "\"127.0.0.1:8125\"")
    result.listeners.unixgramPath = path(
      section(root["unixgram"], keys: ["listen_path"])?["listen_path"], example: "/run/tallygate/usage.sock",
      atMost: Self.longestSocketPath)
    let web = section(root["web"], keys: ["listen_address", "scraper_token_file", "config_file", "otel_names"])
    result.listeners.web = listenAddress(web?["listen_address"], example: "\":9465\"")
    result.listeners.scraperTokenFile = path(web?["scraper_token_file"], example: "/etc/tallygate/scraper.token")
    result.listeners.webConfigFile = path(web?["config_file"], example: "/etc/tallygate/web.yaml")
    result.listeners.otelNames = choice(web?["otel_names"], among: ["true", "false"]).map { $0 == "true" }
    result.control = control(root["control"])
    result.authorize = authorize(root["authorize"])
    result.state = state(root["state"])
    result.log = log(root["log"])
    result.enforce = enforce(root["enforce"], budgets: result.ledger.budgets)
    return result
  }

  /// What fits into `sun_path` with its final zero.
  private static let longestSocketPath = 107

  private mutating func bounds(_ field: Field?) -> LedgerSettings.Bounds {
    var result = LedgerSettings.Bounds()
    let keys = [
      "max_series", "max_accounts", "max_scope_values", "max_reservations", "max_allocations", "max_duplicate_ids",
      "series_idle_expiry",
    ]
    guard let section = section(field, keys: keys) else { return result }
    let targets: [(String, WritableKeyPath<LedgerSettings.Bounds, Int>)] = [
      ("max_series", \.maxSeries), ("max_accounts", \.maxAccounts), ("max_scope_values", \.maxScopeValues),
      ("max_reservations", \.maxReservations), ("max_allocations", \.maxAllocations),
      ("max_duplicate_ids", \.maxDuplicateIDs),
    ]
    for (key, target) in targets {
      if let value = whole(section[key], in: 1...Self.largestBound, example: "\(result[keyPath: target])") {
        result[keyPath: target] = Int(value)
      }
    }
    if let value = duration(section["series_idle_expiry"], in: .minutes(1) ... .days(366), example: "24h") {
      result.seriesIdleExpiry = value
    }
    return result
  }

  private mutating func control(_ field: Field?) -> ControlSettings {
    var result = ControlSettings()
    let keys = [
      "listen_address", "socket", "operator_token_file", "agent_token_file", "socket_agents", "socket_operators",
      "config_file",
    ]
    guard let section = section(field, keys: keys) else { return result }
    result.address = listenAddress(section["listen_address"], example: "\"127.0.0.1:9466\"")
    result.socketPath = path(
      section["socket"], example: "/run/tallygate/control.sock", atMost: Self.longestSocketPath)
    result.operatorTokenFile = path(section["operator_token_file"], example: "/etc/tallygate/operator.token")
    result.agentTokenFile = path(section["agent_token_file"], example: "/etc/tallygate/agent.token")
    result.configFile = path(section["config_file"], example: "/etc/tallygate/control-web.yaml")
    result.socketAgents = peers(section["socket_agents"])
    result.socketOperators = peers(section["socket_operators"])
    return result
  }

  /// Checked here so that the error has a line; read where the socket is.
  private mutating func peers(_ field: Field?) -> String? {
    let expected = "any, none, same-user, or user ids with commas"
    guard let field, let text = text(field, expected: expected, example: "same-user") else { return nil }
    let users = text.split(separator: ",", omittingEmptySubsequences: false)
    guard ["any", "none", "same-user"].contains(text) || users.allSatisfy({ UInt32($0) != nil }) else {
      return wrong(field, expected, "same-user")
    }
    return text
  }

  private mutating func state(_ field: Field?) -> StateSettings {
    var result = StateSettings()
    guard let section = section(field, keys: ["dir", "fsync", "snapshot_interval"]) else { return result }
    result.directory = path(section["dir"], example: "/var/lib/tallygate")
    result.fsync = choice(section["fsync"])
    result.snapshotInterval = duration(section["snapshot_interval"], in: .seconds(1) ... .days(1), example: "5m")
    return result
  }

  private mutating func log(_ field: Field?) -> LogSettings {
    var result = LogSettings()
    guard let section = section(field, keys: ["level", "format"]) else { return result }
    result.level = choice(section["level"])
    result.format = choice(section["format"])
    return result
  }
}
