import BudgetCore
import ControlServer
import LedgerAccess
import Logging

/// The listeners: web for reading, control for deciding, each with a loop of its own.
struct Servers: Sendable {
  let web: HTTPServer?
  let control: HTTPServer?
  let controlSocket: HTTPServer?

  init(
    settings: RunSettings, ledger: SharedLedger, lines: LineCounters, health: Health, own: OwnFamilies,
    keeper: StateKeeper
  ) throws(StartError) {
    let webRoutes = WebRoutes(
      ledger: ledger, health: health, ownFamilies: { own.families() }, snapshot: { keeper.document($0, of: ledger) })
    let controlRoutes = ControlRoutes(ledger: ledger, lines: lines).routes + health.routes
    web = try Self.bind(settings.web, webRoutes.routes, "web")
    control = try Self.bind(settings.control, controlRoutes, "control")
    controlSocket = try Self.bind(settings.controlSocket, controlRoutes, "control")
  }

  private static func bind(_ address: HTTPListenAddress?, _ routes: [Route], _ name: String) throws(StartError)
    -> HTTPServer?
  {
    guard let address else { return nil }
    do throws(HTTPServerError) {
      return try HTTPServer.bind(to: address, router: Router(routes), logger: Logger(label: name))
    } catch {
      throw StartError("--\(name).listen-address \(address): \(error)")
    }
  }

  /// The listeners that are on, by name.
  var named: [(name: String, server: HTTPServer)] {
    [("web", web), ("control", control), ("control", controlSocket)].compactMap { name, server in
      server.map { (name, $0) }
    }
  }

  func shutdown(within limit: Duration) async {
    await withTaskGroup { group in
      for (_, server) in named { group.addTask { await server.shutdown(within: limit) } }
    }
  }
}
