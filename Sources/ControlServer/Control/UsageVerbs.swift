import BudgetCore
import JSONText
import LedgerAccess
import UsageProtocol

// Record usage, and read who used what lately.
extension ControlRoutes {
  private static let mostObjects = 10_000

  /// `POST /v1/usage`: a JSON object, an array of them, or usage lines as `text/plain`.
  func record(_ request: HTTPRequest) -> HTTPResponse {
    let type = (request.headers["content-type"] ?? "").lowercased()
    let isLines = type.hasPrefix("text/plain")
    do throws(BadRequest) {
      let key = try IdempotencyKey(request)
      if isLines {
        // Each line is counted for itself; a second try would count them again without a word.
        guard key == nil else { throw IdempotencyKey.notForLines }
        return request.caller.refusal(ofLines: request.body, in: ledger) ?? recordLines(request.body)
      }
      let value = try JSONBody.value(request.body)
      var objects = try Self.objects(in: value)
      key?.identify(&objects, isArray: value.asArray != nil)
      if let refusal = request.caller.refusal(of: objects, in: ledger) { return refusal }
      let (outcomes, highest) = ledger.recordScored(objects)
      return .json(Self.render(outcomes, highest))
    } catch {
      return error.response
    }
  }

  private static func objects(in value: JSONValue) throws(BadRequest) -> [UsageObject] {
    do {
      guard let array = value.asArray else { return [try UsageObject(value)] }
      guard array.count <= mostObjects else { throw BadRequest("An array has at most \(mostObjects) usage objects.") }
      var objects: [UsageObject] = []
      // All or nothing: a mistake in one object counts none of them.
      for (index, element) in array.enumerated() {
        do {
          objects.append(try UsageObject(element))
        } catch {
          throw UsageObject.Invalid("[\(index)]" + (error.member.isEmpty ? "" : ".") + error.member, error.problem)
        }
      }
      return objects
    } catch let invalid as UsageObject.Invalid {
      throw BadRequest(invalid)
    } catch let bad as BadRequest {
      throw bad
    } catch {
      throw BadRequest("The body cannot be read.")
    }
  }

  private static func render(_ outcomes: [RecordOutcome], _ highest: CallScore?) -> [UInt8] {
    var latest: [AccountStatus] = []
    var positions: [Int: Int] = [:]
    var counted = 0
    for case .counted(let accounts) in outcomes {
      counted += 1
      for account in accounts {
        if let position = positions[account.index] {
          latest[position] = account
        } else {
          positions[account.index] = latest.count
          latest.append(account)
        }
      }
    }
    var json = JSONWriter(reserving: 512)
    json.beginObject()
    json.key("counted")
    json.int(counted)
    json.key("duplicates")
    json.int(outcomes.count - counted)
    json.key("accounts")
    json.accounts(latest)
    json.anomaly(highest)
    json.endObject()
    return json.bytes
  }

  private func recordLines(_ body: [UInt8]) -> HTTPResponse {
    let intake = LineIntake(source: .http, ledger: ledger, counters: lines)
    body.withUnsafeBytes { bytes in
      intake.parse(bytes)
      intake.handOver()
    }
    let tally = intake.total
    var json = JSONWriter()
    json.beginObject()
    json.key("lines")
    json.int(tally.lines)
    json.key("rejected")
    json.beginObject()
    for reason in RejectReason.allCases where tally[reason] > 0 {
      json.key(named: reason.name)
      json.int(tally[reason])
    }
    json.endObject()
    json.key("ignored")
    json.beginObject()
    for reason in IgnoreReason.allCases where tally[reason] > 0 {
      json.key(named: reason.name)
      json.int(tally[reason])
    }
    json.endObject()
    json.endObject()
    return .json(json.bytes)
  }

  /// `GET /v1/usage?by=agent&window=1h&top=10`
  func usage(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      try request.requireParameters(among: ["by", "window", "top"])
    } catch {
      return error.response
    }
    let scope = request.query["by"] ?? TagName.agent
    let window = request.query["window"] ?? "24h"
    guard let lookback = LookbackCounters.Lookback(name: window) else {
      let known = LookbackCounters.Lookback.allCases.map(\.name).joined(separator: ", ")
      return BadRequest("window must be one of \(known), got \(window.prefix(32)).", member: "window").response
    }
    guard let top = Int(request.query["top"] ?? "100"), top >= 1, top <= 10_000 else {
      return BadRequest("top must be a whole number from 1 to 10000.", member: "top").response
    }
    if let refusal = request.caller.refusal(ofReadingBy: scope) { return refusal }
    // Who sees some only sees the top of those.
    let isLimited = request.caller.binding != nil
    guard var usage = ledger.usage(by: scope, in: lookback, top: isLimited ? .max : top) else {
      let known = ledger.settings.scopes.joined(separator: ", ")
      return Problem(
        type: ProblemType.unknownScope, title: "Unknown scope", status: .notFound,
        detail: "Recent use is kept by \(known). Add \(scope.prefix(64)) to scopes in the configuration."
      ).response()
    }
    if isLimited {
      usage = Array(usage.lazy.filter { request.caller.owns(Tag(key: scope, value: $0.value)) }.prefix(top))
    }
    var json = JSONWriter(reserving: 64 * (usage.count + 1))
    json.beginArray()
    for row in usage {
      json.beginObject()
      json.key(named: scope)
      json.string(row.value)
      json.useMembers(tokens: row.tokens, cost: Quantity(row.cost), requests: row.requests)
      json.endObject()
    }
    json.endArray()
    return .json(json.bytes)
  }
}
