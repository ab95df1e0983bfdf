package import BudgetCore

/// Where usage comes in and the read-only pages go out. `nil`: not set in the file.
package struct ListenerSettings: Hashable, Sendable {
  package var udp: ListenAddress?
  /// The path of a Unix datagram socket.
  package var unixgramPath: String?
  package var web: ListenAddress?
  /// Bearer tokens of those who may read pages.
  package var scraperTokenFile: String?
  /// In the form of exporter-toolkit.
  package var webConfigFile: String?
  /// Whether traffic is shown under OpenTelemetry's names too.
  package var otelNames: Bool?

  package init() {}
}

/// The control endpoint. `nil`: not set in the file.
package struct ControlSettings: Hashable, Sendable {
  package var address: ListenAddress?
  /// The path of a Unix stream socket.
  package var socketPath: String?
  package var operatorTokenFile: String?
  package var agentTokenFile: String?
  /// Which peers of the Unix socket need no token: `any`, `none`, `same-user`, or user ids with commas.
  package var socketAgents: String?
  /// In the form of exporter-toolkit, without users.
  package var configFile: String?
  package var socketOperators: String?

  package init() {}
}

/// The state on disk. `nil`: not set in the file.
package struct StateSettings: Hashable, Sendable {
  /// When the journal is forced to the disk.
  package enum Fsync: String, CaseIterable, Sendable { case always, interval, never }

  package var directory: String?
  package var fsync: Fsync?
  /// Between snapshots: 1 second to 1 day.
  package var snapshotInterval: Interval?

  package init() {}
}

/// The program's own log. `nil`: not set in the file.
package struct LogSettings: Hashable, Sendable {
  package enum Level: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }
  package enum Format: String, CaseIterable, Sendable { case logfmt, json }

  package var level: Level?
  package var format: Format?

  package init() {}
}

/// Where prices come from besides the built-in table.
package struct PriceSettings: Hashable, Sendable {
  /// What a model costs that no table knows.
  package enum Fallback: Hashable, Sendable {
    /// Not set: the built-in fallback.
    case builtIn
    /// No price: such usage costs nothing.
    case none
    case rates(TokenRates)
  }

  package var file: String?
  package var fallback = Fallback.builtIn

  package init() {}
}
