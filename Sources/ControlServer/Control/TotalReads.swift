import BudgetCore
import JSONText
import LedgerAccess

// What was counted since counting began, by any of the exported labels.
extension ControlRoutes {
  var totalRoutes: [Route] {
    [Route(.get, "/v1/totals", role: .agent, reach: .own, execution: .offLoop) { request, _ in totals(request) }]
  }

  /// `GET /v1/totals?by=team,model,token_type`: sums over the exported series, as `/metrics` counts them. O(series).
  private func totals(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      try request.requireParameters(among: ["by"])
    } catch {
      return error.response
    }
    let (view, at) = ledger.view(withOutlooks: false)
    let labels = view.settings.labels
    var keys: [String] = []
    for key in (request.query["by"] ?? TagName.agent).split(separator: ",").map(String.init) where !keys.contains(key) {
      keys.append(key)
    }
    if let stranger = keys.first(where: { !labels.contains($0) }) {
      return Problem(
        type: ProblemType.unknownLabel, title: "Unknown label", status: .notFound,
        detail: "Totals are kept by \(labels.joined(separator: ", ")). Add \(stranger.prefix(64)) to labels in the "
          + "configuration."
      ).response()
    }
    if let refusal = request.caller.refusal(ofReadingBy: labels) { return refusal }
    return .json(Self.render(Self.sums(view, by: keys, of: request.caller), keys, at.wall))
  }

  private static func sums(_ view: LedgerView, by keys: [String], of caller: Caller) -> [[String]: Total] {
    let names = keys.map { LabelText.labelName($0) }
    var sums: [[String]: Total] = [:]
    for row in view.series where row.labelsLength > 0 {
      let labels = LabelText.parse(row.labelText) ?? []
      guard caller.sees(series: labels) else { continue }
      let values = names.map { name in labels.first { $0.key == name }?.value ?? "" }
      sums[values, default: Total()].add(row)
    }
    return sums
  }

  private struct Total {
    var tokens: Int64 = 0
    var requests: Int64 = 0
    /// Picodollars.
    var cost: Quantity = 0

    mutating func add(_ row: SeriesRow) {
      tokens = tokens.saturatingAdd(row.tokens)
      requests = requests.saturatingAdd(row.requests)
      cost += row.cost
    }
  }

  private static func render(_ sums: [[String]: Total], _ keys: [String], _ time: Instant) -> [UInt8] {
    var json = JSONWriter(reserving: 64 + 128 * sums.count)
    json.beginObject()
    json.key("time")
    json.time(time)
    json.key("rows")
    json.beginArray()
    for (values, total) in sums.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      json.beginObject()
      for (key, value) in zip(keys, values) {
        json.key(named: key)
        json.string(value)
      }
      json.useMembers(tokens: total.tokens, cost: total.cost, requests: total.requests)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes
  }
}
