import BudgetCore
package import LedgerAccess

/// `/v1/authorize`: whether a gateway may let a call through. For nginx `auth_request`, Traefik `forwardAuth` and Caddy
/// `forward_auth`, which ask with GET; and for Envoy `ext_authz`, which appends the call's own path and keeps its method.
package struct AuthorizeRoutes: Sendable {
  private let ledger: SharedLedger
  private let rules: AuthorizeRules
  private let denials: DenialTally

  package init(
    ledger: SharedLedger, rules: AuthorizeRules = AuthorizeRules(), denials: DenialTally = DenialTally()
  ) {
    self.ledger = ledger
    self.rules = rules
    self.denials = denials
  }

  package var routes: [Route] {
    [Route(.get, "/v1/authorize", role: .agent, reach: .own) { request, _ in authorize(request, ownQuery: true) }]
      + [HTTPMethod.get, .post, .put, .patch, .delete].map { method in
        Route(method, "/v1/authorize/{path…}", role: .agent, reach: .own, commits: false) { request, _ in
          authorize(request, ownQuery: false)
        }
      }
  }

  /// 200 without a body, or a problem: 429 or 403 by the rules when a budget is gone, 403 for who is stopped, is
  /// somebody else, or says too little. No side effect.
  private func authorize(_ request: HTTPRequest, ownQuery: Bool) -> HTTPResponse {
    do throws(BadRequest) {
      let asked = try AuthorizeRequest(request, rules: rules, ownQuery: ownQuery)
      if let missing = asked.missing {
        return Self.told(
          "incomplete",
          Problem(status: .forbidden, detail: "Nobody gets through without the tag \(missing.prefix(64)).").response())
      }
      if let refusal = request.caller.refusal(of: asked.tags) { return Self.told("foreign", refusal) }
      let (decision, now) = ledger.check(asked.spend)
      denials.note(decision, at: now.wall)
      guard decision.verdict != .deny else {
        let denial = Denial(decision: decision, status: asked.rules.deniedStatus)
        return Self.told(decision.stop == nil ? "deny" : "stopped", denial.response())
      }
      var limits = RateLimitFields()
      for account in decision.accounts { limits.add(account, wait: account.resetsAt.map { $0 - now.wall }) }
      var answer = Self.told(decision.verdict.name, HTTPResponse(headers: HTTPHeaders(limits.fields)))
      if decision.delay > .zero { answer.headers.add("x-tallygate-delay", decision.delay.decimalSeconds) }
      return answer
    } catch {
      return Self.told("invalid", error.response)
    }
  }

  /// A gateway that knows 403 only tells a spent budget from a stopped subject by this field.
  private static func told(_ decision: String, _ response: HTTPResponse) -> HTTPResponse {
    var response = response
    response.headers.add("x-tallygate-decision", decision)
    return response
  }
}
