import BudgetCore
import JSONText
import LedgerAccess

// Budgets, their accounts, and how everything stands.
extension ControlRoutes {
  /// `GET /v1/budgets`
  func budgets(_ request: HTTPRequest) -> HTTPResponse {
    var json = JSONWriter(reserving: 1024)
    json.beginArray()
    for budget in ledger.settings.budgets where request.caller.sees(budget) { json.budget(budget) }
    json.endArray()
    return .json(json.bytes)
  }

  /// `GET /v1/budgets/{name}`: one object for each of its units.
  func budget(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    let name = parameters["name"] ?? ""
    let found = ledger.settings.budgets.filter { $0.name == name && request.caller.sees($0) }
    guard !found.isEmpty else { return unknownBudget(name, to: request.caller) }
    var json = JSONWriter(reserving: 256)
    json.beginArray()
    for budget in found { json.budget(budget) }
    json.endArray()
    return .json(json.bytes)
  }

  /// `GET /v1/budgets/{name}/accounts?agent=researcher`: reading an account that does not exist answers zeros and
  /// makes none.
  func accounts(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    let name = parameters["name"] ?? ""
    let filter = request.query.pairs.map { Tag(key: $0.name, value: $0.value) }
    let seen = ledger.settings.budgets.first { $0.name == name && request.caller.sees($0) }
    guard let per = seen?.per else { return unknownBudget(name, to: request.caller) }
    for tag in filter {
      guard !per.contains(tag.key) else { continue }
      return BadRequest(
        "\(tag.key.prefix(64)) is not a tag of this budget's accounts, which are per \(per.isEmpty ? "nothing" : per.joined(separator: ", ")).",
        member: String(tag.key.prefix(64))
      ).response
    }
    if let refusal = request.caller.refusal(of: filter, partial: true) { return refusal }
    guard let found = ledger.accounts(budget: name, where: filter) else {
      return unknownBudget(name, to: request.caller)
    }
    let accounts = found.filter(request.caller.sees)
    var json = JSONWriter(reserving: 256 * (accounts.count + 1))
    json.accounts(accounts)
    return .json(json.bytes)
  }

  /// `GET /v1/status`: every account, and what the sidecar holds.
  func status(_ request: HTTPRequest) -> HTTPResponse {
    let accounts = ledger.accounts().filter(request.caller.sees)
    var json = JSONWriter(reserving: 256 * (accounts.count + 1))
    json.beginObject()
    json.key("time")
    json.time(ledger.now().wall)
    json.key("accounts")
    json.accounts(accounts)
    json.key("unpriced_models")
    json.beginArray()
    // Nobody knows who used them.
    if request.caller.binding == nil {
      for model in ledger.unpricedModels() { json.string(model) }
    }
    json.endArray()
    json.endObject()
    return .json(json.bytes)
  }

  func unknownBudget(_ name: String, to caller: Caller) -> HTTPResponse {
    let known = ledger.settings.budgets.filter(caller.sees).map(\.name).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    return Problem(
      type: ProblemType.unknownBudget, title: "Unknown budget", status: .notFound,
      detail: "No budget is named \(name.prefix(64)). "
        + (known.isEmpty ? "None is configured." : "There are \(known.prefix(20).joined(separator: ", ")).")
    ).response()
  }
}

extension JSONWriter {
  fileprivate mutating func budget(_ budget: Budget) {
    beginObject()
    key("name")
    string(budget.name)
    key("unit")
    string(budget.unit.name)
    key("limit")
    optionalAmount(budget.limit, budget.unit)
    key("window")
    string(budget.window.name)
    key("match")
    if budget.countsOwn { tags(budget.match.map { Tag(key: $0.key, value: $0.glob) }) } else { string("none") }
    key("parent")
    if let parent = budget.parent { string(parent) } else { null() }
    key("per")
    beginArray()
    for tag in budget.per { string(tag) }
    endArray()
    key("warn_at")
    ratio(budget.warnAt)
    key("throttle_at")
    if let share = budget.throttleAt { ratio(share) } else { null() }
    key("on_forecast")
    if let action = budget.onForecast { string(action.rawValue) } else { null() }
    key("rollover")
    if let share = budget.rollover { ratio(share) } else { null() }
    key("stop_grace")
    optionalAmount(budget.stopGrace, budget.unit)
    key("mode")
    string(budget.mode.rawValue)
    key("on_expiry")
    string(budget.onExpiry.rawValue)
    endObject()
  }

  private mutating func ratio(_ ratio: Ratio) { double(Double(ratio.millionths) / 1e6) }
}
