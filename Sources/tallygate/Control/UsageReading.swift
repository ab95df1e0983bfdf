import BudgetCore
import ControlClient
import JSONText
import Reports

/// What a sidecar had counted at one time.
struct UsageReading {
  /// As RFC 3339.
  let time: String
  let rows: [UsageRow]

  /// Asks for everything that the labels tell apart of value, model and kind of token.
  init(_ sidecar: RemoteSidecar, by tag: String) throws(StartError) {
    let keys = [tag, TagName.model, TagName.tokenType]
    var reply = try sidecar.send("GET", Self.path(keys))
    // Without those two among the labels the tag alone has to do.
    if reply.status == 404 { reply = try sidecar.send("GET", Self.path([tag])) }
    guard reply.status == 200 else { throw sidecar.refusal(reply) }
    guard let reading = UsageReading(reply.value, rows: "rows", by: tag) else { throw sidecar.stranger }
    self = reading
  }

  private static func path(_ keys: [String]) -> String {
    "/v1/totals" + PercentEncoding.query([("by", keys.joined(separator: ","))])
  }

  /// - Parameter member: where the rows are.
  init?(_ value: JSONValue, rows member: String, by tag: String) {
    guard let time = value["time"]?.asString, let rows = value[member]?.asArray else { return nil }
    self.time = time
    self.rows = rows.compactMap { row in
      guard let name = row[tag]?.asString, let tokens = row["tokens"]?.asInt64,
        let cost = row["cost_usd"]?.asString.flatMap({ JSONNumber(literal: $0) })?.decimal(scale: 12)
      else { return nil }
      return UsageRow(
        name: name, model: row[TagName.model]?.asString ?? "", tokenType: row[TagName.tokenType]?.asString ?? "",
        tokens: tokens, cost: cost, requests: row["requests"]?.asInt64 ?? 0)
    }
  }
}
