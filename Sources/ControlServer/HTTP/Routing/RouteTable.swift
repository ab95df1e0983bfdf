/// Every route of the sidecar, by listener: what is served, what is documented and what the tests walk is this table.
///
/// A route cannot be made without a role, so none gets in here that everybody may use by mistake.
package struct RouteTable: Sendable {
  /// Read-only pages.
  package let web: [Route]
  /// Decisions, records, and what operators do.
  package let control: [Route]

  package init(
    web: WebRoutes, control: ControlRoutes, pools: PoolRoutes, operators: OperatorRoutes, events: EventRoutes,
    authorize: AuthorizeRoutes, health: Health
  ) {
    self.web = web.routes
    self.control =
      control.routes + pools.routes + operators.routes + events.routes + authorize.routes
      + health.routes
  }
}
