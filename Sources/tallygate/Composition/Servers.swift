import Audit
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
    keeper: StateKeeper, events: EventHub, reloader: Reloader, audit: AuditKeeper
  ) throws(StartError) {
    let webRoutes = WebRoutes(
      ledger: ledger, health: health,
      status: StatusPage(ledger: ledger, events: events, version: Tallygate.version, start: own.startTime),
      otelNames: settings.otelNames,
      ownFamilies: { own.families() }, snapshot: { keeper.document($0, of: ledger) })
    let operatorRoutes = OperatorRoutes(
      saveSnapshot: { keeper.save(within: .seconds(10)).mapError { $0 as any Error } },
      reload: {
        reloader.reload(.request).map { ($0.changes, $0.warnings) }.mapError { $0 as any Error }
      })
    let table = RouteTable(
      web: webRoutes, control: ControlRoutes(ledger: ledger, lines: lines, denials: audit.denials),
      pools: PoolRoutes(ledger: ledger, denials: audit.denials),
      operators: operatorRoutes, events: EventRoutes(hub: events, ledger: ledger),
      authorize: AuthorizeRoutes(ledger: ledger, rules: settings.authorize, denials: audit.denials),
      records: AuditRoutes(directory: audit.log?.directory), health: health,
      audit: audit.log.map { OperatorAudit(log: $0, ledger: ledger) }, version: Tallygate.version)
    let gatekeeper = Gatekeeper(settings.access.credentials)
    let check: Router.RoleCheck = { role, request in
      let admission = gatekeeper.admit(role, request)
      if case .refused = admission {
        audit.denials.note(refused: role, from: request.remoteAddress ?? request.origin, at: ledger.now().wall)
      }
      return admission
    }
    let commitment = Commitment(strictObstacle: { keeper.strictObstacle }) {
      keeper.isKept(through: ledger.sequence, $0, $1)
    }
    web = try Self.bind(
      settings.web, Router(table.web, check: check, commitment: commitment), "web", settings.access.web)
    let router = Router(table.control, check: check, commitment: commitment)
    control = try Self.bind(settings.control, router, "control", settings.access.control)
    controlSocket = try Self.bind(settings.controlSocket, router, "control")
  }

  private static func bind(
    _ address: HTTPListenAddress?, _ router: Router, _ name: String, _ security: ListenerSecurity = .none
  ) throws(StartError) -> HTTPServer? {
    guard let address else { return nil }
    do throws(HTTPServerError) {
      return try HTTPServer.bind(
        to: address, security: security, regularLoops: name == "control" ? HTTPServer.loopsInUse : 0, router: router,
        logger: Logger(label: name))
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
