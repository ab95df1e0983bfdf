import BudgetCore
import ControlServer
import LedgerAccess

extension StatusPage {
  /// The page over a ledger, with answers that are never kept.
  static func test(_ ledger: SharedLedger, events: EventHub = EventHub(start: noon)) -> StatusPage {
    StatusPage(ledger: ledger, events: events, version: "1.2.3", start: noon, freshness: .zero)
  }
}

extension RouteTable {
  /// The table as the sidecar serves it, over an empty ledger unless another one is given.
  static func test(
    ledger: SharedLedger = SharedLedger(Ledger(settings: LedgerSettings(), seed: 1), clock: StandingClock().now)
  ) -> RouteTable {
    let health = Health()
    return RouteTable(
      web: WebRoutes(
        ledger: ledger, health: health, status: .test(ledger), ownFamilies: { [] }, snapshot: { _ in [] }),
      control: ControlRoutes(ledger: ledger, lines: LineCounters()), pools: PoolRoutes(ledger: ledger),
      operators: OperatorRoutes(saveSnapshot: { .success(1) }, reload: { .success((changes: [], warnings: [])) }),
      events: EventRoutes(hub: EventHub(start: noon), ledger: ledger),
      authorize: AuthorizeRoutes(ledger: ledger), records: AuditRoutes(directory: nil), health: health)
  }
}
