import BudgetCore
import JSONText
import LedgerAccess
import UsageProtocol

// What operators change while the sidecar runs: limits, top-ups, and use set back to nothing.
extension ControlRoutes {
  /// `POST /v1/budgets/{name}/top-up`: `{"tags": {…}, "amount": "25.00" | 50000, "until": "1h"}`
  func topUp(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    act(request, parameters, known: ["amount", "until"]) { (body) throws(BadRequest) in
      let (unit, amount) = try body.amount("amount", unlimited: false)
      guard let amount, amount > 0 else { throw BadRequest("amount must be more than 0.", member: "amount") }
      return ledger.topUp(budget: body.budget, unit: unit, tags: body.tags, amount: amount, until: try body.until())
    }
  }

  /// `PUT /v1/budgets/{name}`: `{"limit": 800000, "until": "2h"}`, for one account with `"tags"`.
  func override(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    act(request, parameters, known: ["limit", "until"]) { (body) throws(BadRequest) in
      let (unit, limit) = try body.amount("limit", unlimited: true)
      return ledger.override(budget: body.budget, unit: unit, tags: body.tags, limit: limit, until: try body.until())
    }
  }

  /// `DELETE /v1/budgets/{name}`: takes an override back, not the budget.
  func removeOverride(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    act(request, parameters, known: []) { (body) throws(BadRequest) in
      ledger.removeOverride(budget: body.budget, unit: body.unit, tags: body.tags)
    }
  }

  /// `POST /v1/budgets/{name}/reset`: of every account with these tags; of all without any.
  func reset(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    act(request, parameters, known: []) { (body) throws(BadRequest) in
      ledger.reset(budget: body.budget, unit: body.unit, tags: body.tags)
    }
  }

  private func act(
    _ request: HTTPRequest, _ parameters: RouteParameters, known: Set<String>,
    _ perform: (LimitBody) throws(BadRequest) -> BudgetActOutcome
  ) -> HTTPResponse {
    let name = parameters["name"] ?? ""
    guard ledger.settings.budgets.contains(where: { $0.name == name }) else {
      return unknownBudget(name, to: request.caller)
    }
    do throws(BadRequest) {
      let body = try LimitBody(request.body, budget: name, settings: ledger.settings, now: ledger.now(), known: known)
      return answer(to: try perform(body), request, name)
    } catch {
      return error.response
    }
  }

  private func answer(to outcome: BudgetActOutcome, _ request: HTTPRequest, _ name: String) -> HTTPResponse {
    switch outcome {
    case .done(let accounts):
      var json = JSONWriter(reserving: 64 + 256 * accounts.count)
      json.beginObject()
      json.key("accounts")
      json.accounts(accounts)
      json.endObject()
      return .json(json.bytes)
    case .unknownBudget: return unknownBudget(name, to: request.caller)
    case .ambiguousUnit(let units): return LimitBody.ambiguous(units).response
    case .wrongTags(let per):
      return BadRequest(
        "tags must name an account of this budget, whose accounts are per "
          + (per.isEmpty ? "nothing: leave tags out." : per.joined(separator: ", ") + "."), member: "tags"
      ).response
    case .unlimited:
      return Problem(status: .conflict, detail: "The account has no limit: there is nothing to top up.").response()
    case .full:
      return Problem(
        status: .conflict,
        detail: "The account has as many top-ups as it may have, or there are as many accounts as bounds.max_accounts"
          + " allows."
      ).response()
    }
  }
}

/// The body of an operator's act on a budget; an empty one says nothing.
struct LimitBody {
  let budget: String
  let tags: [Tag]
  /// As the body names it.
  let unit: BudgetUnit?
  private let object: JSONObject
  private let units: [BudgetUnit]
  private let now: Moment

  /// A trillion dollars, or as many tokens as a configured limit may have.
  private static let largestCost = Money.picodollarsPerDollar * 1_000_000_000_000
  private static let largestCount: Int64 = 1_000_000_000_000_000_000

  init(_ body: [UInt8], budget: String, settings: LedgerSettings, now: Moment, known: Set<String>)
    throws(BadRequest)
  {
    object = body.isEmpty ? JSONObject() : try JSONBody.object(body, known: known.union(["tags", "unit"]))
    self.budget = budget
    self.now = now
    units = settings.budgets.filter { $0.name == budget }.map(\.unit)
    do {
      tags = TagSet(try UsageObject.tags(in: object)).tags
    } catch {
      throw BadRequest(error)
    }
    guard let value = object["unit"], !value.isNull else {
      unit = nil
      return
    }
    guard let named = value.asString.flatMap({ BudgetUnit(name: $0) }), units.contains(named) else {
      throw Self.ambiguous(units)
    }
    unit = named
  }

  static func ambiguous(_ units: [BudgetUnit]) -> BadRequest {
    BadRequest("unit must be one of this budget's: \(units.map(\.name).joined(separator: ", ")).", member: "unit")
  }

  /// - Parameter unlimited: whether `"unlimited"` is an amount, `nil`.
  func amount(_ member: String, unlimited: Bool) throws(BadRequest) -> (BudgetUnit, Quantity?) {
    guard let unit = unit ?? (units.count == 1 ? units[0] : nil) else { throw Self.ambiguous(units) }
    let value = object[member] ?? .null
    if unlimited, value.asString == "unlimited" { return (unit, nil) }
    if unit == .cost {
      let number = value.asString.flatMap { JSONNumber(literal: $0) } ?? value.asNumber
      if let cost = number?.decimal(scale: 12), (0...Self.largestCost).contains(cost) { return (unit, cost) }
      throw BadRequest("\(member) must be a decimal string of USD, for example \"25.00\".", member: member)
    }
    if let count = value.asInt64, (0...Self.largestCount).contains(count) { return (unit, Quantity(count)) }
    throw BadRequest("\(member) must be a whole number of \(unit.name), for example 50000.", member: member)
  }

  func until() throws(BadRequest) -> LimitEnd? {
    guard let value = object["until"], !value.isNull else { return nil }
    guard let end = value.asString.flatMap({ LimitEnd($0) }), end.instant(from: now) > now.wall else {
      throw BadRequest(
        "until must be a time to come (\"2026-11-21T18:00:00Z\") or a duration (\"1h\").", member: "until")
    }
    return end
  }
}
