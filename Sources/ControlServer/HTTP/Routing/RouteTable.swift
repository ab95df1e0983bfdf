/// Every route of the sidecar, by listener: what is served, what is documented and what the tests walk is this table.
///
/// A route cannot be made without a role, so none gets in here that everybody may use by mistake.
package struct RouteTable: Sendable {
  /// Read-only pages.
  package let web: [Route]
  /// Decisions, records, and what operators do.
  package let control: [Route]

  /// - Parameter audit: keeps what operators do.
  package init(
    web: WebRoutes, control: ControlRoutes, pools: PoolRoutes, operators: OperatorRoutes, events: EventRoutes,
    authorize: AuthorizeRoutes, records: AuditRoutes, health: Health, audit: OperatorAudit? = nil,
    version: String = "0.0.0"
  ) {
    self.web = web.routes
    let repeated = RepeatedRequests()
    let routes =
      control.routes + pools.routes + operators.routes + events.routes + authorize.routes + records.routes
      + health.routes
    self.control =
      (audit.map { audit in routes.map { audit.watching($0) } } ?? routes).map { repeated.watching($0) }
      + [Route.documentation(of: routes, version: version)]
  }
}
