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
      Route(.post, "/v1/check", role: .agent, reach: .own, commits: false) { request, _ in check(request) },
      Route(.post, "/v1/reservations", role: .agent, reach: .own) { request, _ in reserve(request) },
      Route(.post, "/v1/reservations/{id}/settle", role: .agent, reach: .own) { request, parameters in
        settle(request, parameters)
      },
      Route(.delete, "/v1/reservations/{id}", role: .agent, reach: .own) { request, parameters in
        release(request, parameters)
      },
      Route(.post, "/v1/estimate", role: .agent, reach: .own, commits: false) { request, _ in estimate(request) },
      Route(.post, "/v1/usage", role: .agent, reach: .own) { request, _ in record(request) },
      Route(.get, "/v1/usage", role: .agent, reach: .own) { request, _ in usage(request) },
      Route(.get, "/v1/budgets", role: .agent, reach: .own) { request, _ in budgets(request) },
      Route(.get, "/v1/budgets/{name}", role: .agent, reach: .own) { request, parameters in budget(request, parameters)
      },
      Route(.get, "/v1/budgets/{name}/accounts", role: .agent, reach: .own) { request, parameters in
        accounts(request, parameters)
      },
      Route(.post, "/v1/compress", role: .agent, reach: .own, execution: .offLoop, commits: false) { request, _ in
        compress(request)
      },
      Route(.get, "/v1/alerts", role: .agent, reach: .own) { request, _ in alerts(request) },
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
      Route(.get, "/v1/jobs", role: .agent, reach: .own, execution: .offLoop) { request, _ in jobs(request) },
      Route(.get, "/v1/jobs/{job}", role: .agent, reach: .own) { request, parameters in job(request, parameters) },
      Route(.put, "/v1/jobs/{job}", role: .agent, reach: .own) { request, parameters in declareJob(request, parameters)
      },
      Route(.get, "/v1/status", role: .agent, reach: .own) { request, _ in status(request) },
    ] + subjectRoutes + totalRoutes
  }
}
