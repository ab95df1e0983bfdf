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
    keeper: StateKeeper, events: EventHub, reloader: Reloader
  ) throws(StartError) {
    let webRoutes = WebRoutes(
      ledger: ledger, health: health, ownFamilies: { own.families() }, snapshot: { keeper.document($0, of: ledger) })
    let operatorRoutes = OperatorRoutes(
      saveSnapshot: { keeper.save(within: .seconds(10)).mapError { $0 as any Error } },
      reload: { reloader.reload().mapError { $0 as any Error } })
    let controlRoutes =
      ControlRoutes(ledger: ledger, lines: lines).routes + PoolRoutes(ledger: ledger).routes + operatorRoutes.routes
      + EventRoutes(hub: events, ledger: ledger).routes + health.routes
    let gatekeeper = Gatekeeper(
      operators: settings.operatorTokenFile.map { TokenFile(path: $0) },
      agents: settings.agentTokenFile.map { TokenFile(path: $0) })
    let commitment = Commitment(strictObstacle: { keeper.strictObstacle }) {
      keeper.isKept(through: ledger.sequence, $0, $1)
    }
    web = try Self.bind(settings.web, Router(webRoutes.routes, commitment: commitment), "web")
    let router = Router(controlRoutes, check: { gatekeeper.refusal($0, $1) }, commitment: commitment)
    control = try Self.bind(settings.control, router, "control")
    controlSocket = try Self.bind(settings.controlSocket, router, "control")
  }

  private static func bind(_ address: HTTPListenAddress?, _ router: Router, _ name: String) throws(StartError)
    -> HTTPServer?
  {
    guard let address else { return nil }
    do throws(HTTPServerError) {
      return try HTTPServer.bind(to: address, router: router, logger: Logger(label: name))
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
