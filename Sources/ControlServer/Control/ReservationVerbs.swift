import BudgetCore
import JSONText
import LedgerAccess

// Ask, hold, settle, let go.
extension ControlRoutes {
  /// `POST /v1/check`: what a reservation would answer, without a hold and without an event.
  func check(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try SpendBody(request.body)
      if let refusal = request.caller.refusal(of: body.request.tags.tags) { return refusal }
      let (decision, now) = ledger.check(body.request)
      denials.note(decision, at: now.wall)
      let advice = body.advice(on: decision, settings: ledger.advice)
      guard decision.verdict != .deny else { return Denial(decision: decision, advice: advice).response() }
      var json = JSONWriter(reserving: 512)
      json.beginObject()
      json.decisionMembers(decision, advice: advice)
      json.endObject()
      return .json(json.bytes)
    } catch {
      return error.response
    }
  }

  /// `POST /v1/reservations`
  func reserve(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try SpendBody(request.body)
      if let refusal = request.caller.refusal(of: body.request.tags.tags) { return refusal }
      let (outcome, now) = ledger.reserve(body.request, ttl: body.ttl)
      switch outcome {
      case .granted(let id, let decision, let expiresAt):
        var json = JSONWriter(reserving: 768)
        json.beginObject()
        json.key("id")
        json.string(id.text)
        json.decisionMembers(decision, advice: body.advice(on: decision, settings: ledger.advice))
        json.key("expires_at")
        json.time(expiresAt)
        json.endObject()
        var response = HTTPResponse.json(json.bytes, status: .created)
        response.headers.add("location", "/v1/reservations/\(id.text)")
        return response
      case .denied(let decision):
        denials.note(decision, at: now.wall)
        let advice = body.advice(on: decision, settings: ledger.advice)
        return Denial(decision: decision, advice: advice).response()
      case .tableFull:
        return Problem(
          type: ProblemType.tooManyReservations, title: "Too many reservations", status: .serviceUnavailable,
          detail: "\(ledger.settings.bounds.maxReservations) reservations are open, as many as bounds.max_reservations"
            + " allows. Settle or release some, or wait until they expire."
        ).response(headers: [("retry-after", "1")])
      }
    } catch {
      return error.response
    }
  }

  /// `POST /v1/reservations/{id}/settle`: the same settle twice counts once and answers alike.
  func settle(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try SettleBody(request.body)
      guard let id = parameters["id"].flatMap({ ReservationID(text: $0) }) else { return unknownReservation }
      if let refusal = request.caller.refusal(of: id, in: ledger) { return refusal }
      let (outcome, score) = ledger.settleScored(id, actual: body.actual)
      switch outcome {
      case .settled(let accounts, let isRepeat):
        var json = JSONWriter(reserving: 512)
        json.beginObject()
        json.key("id")
        json.string(id.text)
        json.key("already_settled")
        json.bool(isRepeat)
        json.key("accounts")
        json.accounts(accounts)
        json.anomaly(score)
        json.endObject()
        return .json(json.bytes)
      case .unknown:
        return unknownReservation
      }
    } catch {
      return error.response
    }
  }

  /// `DELETE /v1/reservations/{id}`
  func release(_ request: HTTPRequest, _ parameters: RouteParameters) -> HTTPResponse {
    guard let id = parameters["id"].flatMap({ ReservationID(text: $0) }) else { return unknownReservation }
    if let refusal = request.caller.refusal(of: id, in: ledger) { return refusal }
    switch ledger.release(id) {
    case .released(let accounts):
      var json = JSONWriter(reserving: 512)
      json.beginObject()
      json.key("id")
      json.string(id.text)
      json.key("accounts")
      json.accounts(accounts)
      json.endObject()
      return .json(json.bytes)
    case .closed:
      return Problem(
        type: ProblemType.closedReservation, title: "Reservation closed", status: .conflict,
        detail: "The reservation was settled or has expired: there is nothing to release."
      ).response()
    case .unknown:
      return unknownReservation
    }
  }

  private var unknownReservation: HTTPResponse {
    Problem(
      type: ProblemType.unknownReservation, title: "Unknown reservation", status: .notFound,
      detail: "No such reservation is remembered. Record what was used with POST /v1/usage."
    ).response()
  }
}
