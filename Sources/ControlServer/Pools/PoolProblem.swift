import BudgetCore
import JSONText

/// What pools refuse, with the facts that a client needs.
enum PoolProblem {
  private static let base = "https://tallygate.dev/problems/"

  static let unknownAllocation = Problem(
    type: base + "unknown-allocation", title: "Unknown allocation", status: .notFound,
    detail: "No such allocation is open or remembered."
  ).response()

  static func unknownPool(_ name: String, known: [String]) -> HTTPResponse {
    Problem(
      type: base + "unknown-pool", title: "Unknown pool", status: .notFound,
      detail: "No pool is named \(name.prefix(64)). "
        + (known.isEmpty ? "None is configured." : "There are \(known.prefix(20).joined(separator: ", ")).")
    ).response()
  }

  static func tableFull(_ name: String, most: Int) -> HTTPResponse {
    Problem(
      type: base + "too-many-allocations", title: "Too many allocations", status: .serviceUnavailable,
      detail: "\(most) allocations of pool \(name) are open, as many as bounds.max_allocations allows."
        + " Release some, or give the pool an allocation_ttl."
    ).response(headers: [("retry-after", "1")])
  }

  /// Nothing is free; or the request's own cap was 0, and waiting does not help.
  static func denied(_ report: PoolReport, demand: Quantity, for request: AllocationRequest) -> HTTPResponse {
    let available = report.available(for: request.priority)
    let isCapped = demand == 0
    let wait = isCapped ? nil : report.nextReturn.map { max(1, $0.secondsRoundedUp) }
    var limits = RateLimitFields()
    limits.add(
      "\(report.pool.name):tokens", .tokens, quota: report.total, available: available,
      wait: wait.map { .seconds($0) })
    var headers = limits.fields
    if let wait { headers.append(("retry-after", String(wait))) }
    var members = JSONWriter(reserving: 512)
    members.beginObject()
    members.poolMembers(report)
    members.key("agent")
    members.string(request.agent)
    members.key("priority")
    members.string(request.priority.name)
    members.key("granted")
    members.int(0)
    members.key("requested")
    members.int(demand)
    members.key("retry_after")
    if let wait { members.int(wait) } else { members.null() }
    members.endObject()
    let detail =
      isCapped
      ? "max_tokens is 0, so nothing was granted."
      : "Pool \(report.pool.name) has \(available) tokens left for \(request.priority.name) work; "
        + "\(demand) were asked for."
    return Problem(
      type: base + (isCapped ? "nothing-requested" : "pool-exhausted"),
      title: isCapped ? "Nothing requested" : "Pool exhausted", status: .tooManyRequests, detail: detail,
      members: Problem.Member.members(of: members.bytes)
    ).response(headers: headers)
  }

  static func exceeded(_ report: AllocationReport) -> HTTPResponse {
    let allocation = report.allocation
    var members = JSONWriter(reserving: 512)
    members.beginObject()
    members.key("budget")
    members.int(allocation.granted)
    members.allocationMembers(report)
    members.endObject()
    let (used, granted) =
      if allocation.used.total > allocation.granted {
        ("\(allocation.used.total)", "\(allocation.granted) tokens")
      } else if allocation.used.lookup > allocation.lookup {
        ("\(allocation.used.lookup)", "\(allocation.lookup) lookup tokens")
      } else {
        ("\(allocation.used.reasoning)", "\(allocation.reasoning) reasoning tokens")
      }
    return Problem(
      type: base + "allocation-exceeded", title: "Allocation exceeded", status: .tooManyRequests,
      detail: "Agent \(allocation.agent) used \(used) of \(granted) from pool \(report.pool.name). The use is counted.",
      members: Problem.Member.members(of: members.bytes)
    ).response()
  }

  static func closed(_ report: RecordReport) -> HTTPResponse {
    var members = JSONWriter(reserving: 512)
    members.record(report)
    let how = report.record.ending == .released ? "was released" : "has expired"
    return Problem(
      type: base + "closed-allocation", title: "Allocation closed", status: .conflict,
      detail: "The allocation \(how). The use is counted; ask for another allocation.",
      members: Problem.Member.members(of: members.bytes)
    ).response()
  }
}
