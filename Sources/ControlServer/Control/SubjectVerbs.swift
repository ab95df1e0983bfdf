import BudgetCore
import JSONText
import LedgerAccess

// The kill switch: whoever carries a stopped tag is granted nothing, from the next decision on.
extension ControlRoutes {
  var subjectRoutes: [Route] {
    [
      Route(.get, "/v1/subjects", role: .agent, reach: .own) { request, _ in subjects(request) },
      Route(.post, "/v1/subjects/{tag}/{value}/stop", role: .operator) { request, parameters in
        stop(request, parameters)
      },
      Route(.post, "/v1/subjects/{tag}/{value}/resume", role: .operator) { request, parameters in
        resume(request, parameters)
      },
    ]
  }

  /// `GET /v1/subjects`: everybody who is stopped.
  private func subjects(_ request: HTTPRequest) -> HTTPResponse {
    var json = JSONWriter(reserving: 256)
    json.beginArray()
    for stop in ledger.stoppedSubjects() where request.caller.owns(stop.subject) { json.stop(stop) }
    json.endArray()
    return .json(json.bytes)
  }

  /// `POST /v1/subjects/{tag}/{value}/stop`: `{"reason": "…"}`, or nothing. A second time answers alike.
  private func stop(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    do throws(BadRequest) {
      let subject = try Self.subject(parameters)
      let body = request.body.isEmpty ? JSONObject() : try JSONBody.object(request.body, known: ["reason"])
      let reason = body["reason"] ?? .null
      guard reason.isNull || reason.asString != nil else {
        throw BadRequest("reason must be a string.", member: "reason")
      }
      switch ledger.stop(subject, reason: reason.asString ?? "") {
      case .stopped(let stop):
        var json = JSONWriter(reserving: 256)
        json.stop(stop)
        return .json(json.bytes)
      case .full:
        return Problem(
          status: .conflict, detail: "\(Ledger.maximumStops) subjects are stopped, as many as may be. Resume some."
        ).response()
      }
    } catch {
      return error.response
    }
  }

  /// `POST /v1/subjects/{tag}/{value}/resume`: also when the subject is not stopped.
  private func resume(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    do throws(BadRequest) {
      let subject = try Self.subject(parameters)
      if !request.body.isEmpty { _ = try JSONBody.object(request.body, known: []) }
      let ended = ledger.resume(subject)
      var json = JSONWriter(reserving: 256)
      json.beginObject()
      json.subjectMembers(subject, isStopped: false)
      json.key("was_stopped")
      json.bool(ended != nil)
      json.endObject()
      return .json(json.bytes)
    } catch {
      return error.response
    }
  }

  private static func subject(_ parameters: RouteParameters) throws(BadRequest) -> Tag {
    let subject = Tag(key: parameters["tag"] ?? "", value: parameters["value"] ?? "")
    guard SubjectStop.isSubject(subject.key), subject.key.utf8.count <= 64, (1...256).contains(subject.value.utf8.count)
    else {
      throw BadRequest(
        "A subject is a tag and its value, for example /v1/subjects/agent/researcher/stop; id, reservation, allocation"
          + " and token_type are no subjects.")
    }
    return subject
  }
}

extension JSONWriter {
  fileprivate mutating func stop(_ stop: SubjectStop) {
    beginObject()
    subjectMembers(stop.subject, isStopped: true)
    key("reason")
    string(stop.reason)
    key("since")
    time(stop.since)
    endObject()
  }

  fileprivate mutating func subjectMembers(_ subject: Tag, isStopped: Bool) {
    key("subject")
    tags([subject])
    key("stopped")
    bool(isStopped)
  }
}

enum SubjectProblem {
  /// 403, not 429: trying again does not help until somebody resumes the subject.
  static func stopped(_ stop: SubjectStop) -> HTTPResponse {
    var members = JSONWriter(reserving: 256)
    members.stop(stop)
    let because = stop.reason.isEmpty ? "" : ": \(stop.reason)"
    return Problem(
      type: ProblemType.subjectStopped, title: "Subject stopped", status: .forbidden,
      detail: "\(stop.subject.key) \(stop.subject.value) is stopped\(because). An operator can resume it.",
      members: Problem.Member.members(of: members.bytes)
    ).response()
  }
}
