import BudgetCore
import JSONText
import LedgerAccess

// Jobs: how far they are, and how many items they have.
extension ControlRoutes {
  private static let tag = "job"
  private static let unknownJob = "https://tallygate.dev/problems/unknown-job"
  private static let tooManyJobs = "https://tallygate.dev/problems/too-many-jobs"

  /// `GET /v1/jobs`: every known job by name, without what the budgets pay for.
  func jobs(_ request: HTTPRequest) -> HTTPResponse {
    if let refusal = request.caller.refusal(ofReadingBy: Self.tag) { return refusal }
    let jobs = ledger.jobs().filter { request.caller.owns(Tag(key: Self.tag, value: $0.name)) }
    let now = ledger.now().wall
    var json = JSONWriter(reserving: 512 * (jobs.count + 1))
    json.beginArray()
    for job in jobs {
      json.beginObject()
      json.jobMembers(job, now: now)
      json.endObject()
    }
    json.endArray()
    return .json(json.bytes)
  }

  /// `GET /v1/jobs/{job}`
  func job(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    let name = parameters["job"] ?? ""
    if let refusal = request.caller.refusal(ofReading: Tag(key: Self.tag, value: name)) { return refusal }
    guard let job = ledger.job(name) else {
      return Problem(
        type: Self.unknownJob, title: "Unknown job", status: .notFound,
        detail: "No usage with the tag job:\(name.prefix(64)) came in lately, and nobody declared such a job."
      ).response()
    }
    return show(job)
  }

  /// `PUT /v1/jobs/{job}`: `{"items": 100000}` says how many items there are, before or while the job runs.
  func declareJob(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    do throws(BadRequest) {
      let name = parameters["job"] ?? ""
      guard (1...TagScanner.maximumValueLength).contains(name.utf8.count), name != "__other__" else {
        throw BadRequest("The name of a job has 1 to \(TagScanner.maximumValueLength) bytes.", member: "job")
      }
      if let refusal = request.caller.refusal(ofReading: Tag(key: Self.tag, value: name)) { return refusal }
      let object = try JSONBody.object(request.body, known: ["items"])
      guard let items = object["items"]?.asInt64, (1...ActivitySettings.mostItems).contains(items) else {
        throw BadRequest(
          "items must be a whole number from 1 to \(ActivitySettings.mostItems).", member: "items")
      }
      switch ledger.declareJob(name, items: items) {
      case .declared(let job): return show(job)
      case .full:
        return Problem(
          type: Self.tooManyJobs, title: "Too many jobs", status: .serviceUnavailable,
          detail: "\(ledger.settings.activities.most) jobs, sessions and tasks are kept, as many as activities.max"
            + " allows. Those that are idle make room."
        ).response(headers: [("retry-after", "60")])
      }
    } catch {
      return error.response
    }
  }

  private func show(_ job: JobProgress) -> HTTPResponse {
    var json = JSONWriter(reserving: 768)
    json.beginObject()
    json.jobMembers(job, now: ledger.now().wall)
    json.key("affordable")
    json.affordable(job)
    json.endObject()
    return .json(json.bytes)
  }
}
