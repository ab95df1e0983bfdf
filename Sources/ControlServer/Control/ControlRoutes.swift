package import LedgerAccess

/// The verbs of the control endpoint.
package struct ControlRoutes: Sendable {
  let ledger: SharedLedger
  let lines: LineCounters
  /// Counts what is denied, for the audit.
  let denials: DenialTally

  package init(ledger: SharedLedger, lines: LineCounters, denials: DenialTally = DenialTally()) {
    self.ledger = ledger
    self.lines = lines
    self.denials = denials
  }

  package var routes: [Route] {
    [
      Route(.post, "/v1/check", role: .agent, commits: false) { request, _ in check(request) },
      Route(.post, "/v1/reservations", role: .agent) { request, _ in reserve(request) },
      Route(.post, "/v1/reservations/{id}/settle", role: .agent) { request, parameters in
        settle(request, parameters)
      },
      Route(.delete, "/v1/reservations/{id}", role: .agent) { request, parameters in release(request, parameters) },
      Route(.post, "/v1/estimate", role: .agent, commits: false) { request, _ in estimate(request) },
      Route(.post, "/v1/usage", role: .agent) { request, _ in record(request) },
      Route(.get, "/v1/usage", role: .agent) { request, _ in usage(request) },
      Route(.get, "/v1/budgets", role: .agent) { _, _ in budgets() },
      Route(.get, "/v1/budgets/{name}", role: .agent) { _, parameters in budget(parameters) },
      Route(.get, "/v1/budgets/{name}/accounts", role: .agent) { request, parameters in
        accounts(request, parameters)
      },
      Route(.post, "/v1/compress", role: .agent, execution: .offLoop, commits: false) { request, _ in compress(request)
      },
      Route(.get, "/v1/alerts", role: .agent) { _, _ in alerts() },
      Route(.put, "/v1/budgets/{name}", role: .operator) { request, parameters in override(request, parameters) },
      Route(.delete, "/v1/budgets/{name}", role: .operator) { request, parameters in
        removeOverride(request, parameters)
      },
      Route(.post, "/v1/budgets/{name}/top-up", role: .operator) { request, parameters in
        topUp(request, parameters)
      },
      Route(.post, "/v1/budgets/{name}/reset", role: .operator) { request, parameters in
        reset(request, parameters)
      },
      Route(.get, "/v1/jobs", role: .agent, execution: .offLoop) { _, _ in jobs() },
      Route(.get, "/v1/jobs/{job}", role: .agent) { _, parameters in job(parameters) },
      Route(.put, "/v1/jobs/{job}", role: .agent) { request, parameters in declareJob(request, parameters) },
      Route(.get, "/v1/status", role: .agent) { _, _ in status() },
    ] + subjectRoutes
  }
}
