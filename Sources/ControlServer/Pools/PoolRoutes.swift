import BudgetCore
import JSONText
package import LedgerAccess

/// Pools: ask for a part, use it, give it back, see who holds what.
package struct PoolRoutes: Sendable {
  let ledger: SharedLedger
  /// Counts what is denied, for the audit.
  let denials: DenialTally

  package init(ledger: SharedLedger, denials: DenialTally = DenialTally()) {
    self.ledger = ledger
    self.denials = denials
  }

  package var routes: [Route] {
    [
      Route(.post, "/v1/allocations", role: .agent, reach: .own) { request, _ in allocate(request) },
      Route(.get, "/v1/allocations", role: .agent, reach: .own) { request, _ in health(request) },
      Route(.get, "/v1/allocations/{id}", role: .agent, reach: .own) { request, parameters in read(request, parameters)
      },
      Route(.post, "/v1/allocations/{id}/usage", role: .agent, reach: .own) { request, parameters in
        use(request, parameters)
      },
      Route(.delete, "/v1/allocations/{id}", role: .agent, reach: .own) { request, parameters in
        release(request, parameters)
      },
      Route(.post, "/v1/pools/{name}/top-up", role: .operator) { request, parameters in topUp(request, parameters) },
    ]
  }

  /// `POST /v1/allocations`
  private func allocate(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try AllocationBody(request.body)
      let tags = [Tag(key: TagName.agent, value: body.request.agent), Tag(key: "task", value: body.request.task)]
      if let refusal = request.caller.refusal(of: tags, partial: true) { return refusal }
      switch ledger.allocate(body.request) {
      case .granted(let report):
        var json = JSONWriter(reserving: 512)
        json.beginObject()
        json.key("id")
        json.string(report.allocation.id.text)
        json.allocationMembers(report)
        json.endObject()
        var response = HTTPResponse.json(json.bytes, status: .created)
        response.headers.add("location", "/v1/allocations/\(report.allocation.id.text)")
        return response
      case .denied(let report, let demand):
        denials.note(pool: report.pool.name, at: ledger.now().wall)
        return PoolProblem.denied(report, demand: demand, for: body.request)
      case .unknownPool: return unknownPool(body.request.pool)
      case .stopped(let stop): return SubjectProblem.stopped(stop)
      case .tableFull:
        return PoolProblem.tableFull(body.request.pool, most: ledger.settings.bounds.maxAllocations)
      }
    } catch {
      return error.response
    }
  }

  /// `POST /v1/allocations/{id}/usage`: counted in any case; 429 when it is more than was granted.
  private func use(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try AllocationUsageBody(request.body)
      guard let id = id(parameters) else { return PoolProblem.unknownAllocation }
      if let refusal = request.caller.refusal(of: id, in: ledger) { return refusal }
      switch ledger.use(id, body.usage) {
      case .counted(let report): return Self.show(report)
      case .exceeded(let report): return PoolProblem.exceeded(report)
      case .closed(let report): return PoolProblem.closed(report)
      case .unknown: return PoolProblem.unknownAllocation
      }
    } catch {
      return error.response
    }
  }

  /// `DELETE /v1/allocations/{id}`: a second time answers alike.
  private func release(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    guard let id = id(parameters) else { return PoolProblem.unknownAllocation }
    if let refusal = request.caller.refusal(of: id, in: ledger) { return refusal }
    guard let report = ledger.releaseAllocation(id) else { return PoolProblem.unknownAllocation }
    var json = JSONWriter(reserving: 512)
    json.record(report)
    return .json(json.bytes)
  }

  /// `GET /v1/allocations/{id}`
  private func read(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    guard let id = id(parameters) else { return PoolProblem.unknownAllocation }
    if let refusal = request.caller.refusal(of: id, in: ledger) { return refusal }
    guard let report = ledger.allocation(id) else { return PoolProblem.unknownAllocation }
    return Self.show(report)
  }

  /// `GET /v1/allocations?pool=context`: how every pool stands, and who holds what.
  private func health(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      try request.requireParameters(among: ["pool"])
    } catch {
      return error.response
    }
    var reports = ledger.pools()
    if let name = request.query["pool"] {
      reports.removeAll { $0.pool.name != name }
      guard !reports.isEmpty else { return unknownPool(name) }
    }
    var json = JSONWriter(reserving: 512 * (reports.count + 1))
    json.beginObject()
    json.key("pools")
    json.beginArray()
    for report in reports { json.pool(report) { request.caller.owns(Tag(key: TagName.agent, value: $0.agent)) } }
    json.endArray()
    json.endObject()
    return .json(json.bytes)
  }

  /// `POST /v1/pools/{name}/top-up`
  private func topUp(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try PoolTopUpBody(request.body)
      let name = parameters["name"] ?? ""
      switch ledger.topUp(pool: name, tokens: body.tokens, allocation: body.allocation) {
      case .toppedUp(let report):
        var json = JSONWriter(reserving: 512)
        json.pool(report)
        return .json(json.bytes)
      case .unknownPool: return unknownPool(name)
      case .unknownAllocation: return PoolProblem.unknownAllocation
      }
    } catch {
      return error.response
    }
  }

  private func id(_ parameters: RouteParameters) -> AllocationID? {
    parameters["id"].flatMap { AllocationID(text: $0) }
  }

  private func unknownPool(_ name: String) -> HTTPResponse {
    PoolProblem.unknownPool(name, known: ledger.settings.pools.map(\.name))
  }

  private static func show(_ report: AllocationReport) -> HTTPResponse {
    var json = JSONWriter(reserving: 512)
    json.allocation(report)
    return .json(json.bytes)
  }
}
