/// How safe an act must be before its caller is answered.
package enum Durability: Hashable, Sendable {
  /// Written: a crash of the process takes nothing. A disk that hangs holds up no answer for long.
  case written
  /// On the disk: a loss of power takes nothing. An answer that cannot say so in time is an error.
  case strict

  /// The request header that asks for it, and the header of the answer that confirms it.
  static let header = "durability"

  /// `nil` when the header asks for something that nobody knows.
  init?(_ request: HTTPRequest) {
    guard let text = request.headers[Self.header] else {
      self = .written
      return
    }
    guard text.lowercased() == "strict" else { return nil }
    self = .strict
  }
}

/// What a router must know to answer only what is kept.
package struct Commitment: Sendable {
  /// Whether everything that was done so far is that safe; if not yet, `done` is called when it is, from any thread.
  package typealias Check = @Sendable (_ durability: Durability, _ done: @escaping @Sendable () -> Void) -> Bool

  let isKept: Check
  /// Why nothing can be promised to be on the disk at the moment; `nil` when it can.
  let strictObstacle: @Sendable () -> String?

  package init(strictObstacle: @escaping @Sendable () -> String? = { nil }, isKept: @escaping Check) {
    self.isKept = isKept
    self.strictObstacle = strictObstacle
  }

  /// Where nothing is kept at all.
  package static let none = Commitment(
    strictObstacle: { "No state directory is in use: start with --state.dir." }, isKept: { _, _ in true })

  /// The answer to a request that must not be carried out: what it asks for cannot be promised.
  func refusal(of request: HTTPRequest) -> HTTPResponse? {
    guard let durability = Durability(request) else {
      return BadRequest("Durability must be strict, or not be there.", member: "Durability").response
    }
    guard durability == .strict, let obstacle = strictObstacle() else { return nil }
    return Self.notDurable(
      "Nothing was done. \(obstacle)", [Problem.Member("applied", json: "false")]
    ).response(headers: [("retry-after", "1")])
  }

  /// The answer to a strict request that was carried out and is not on the disk in time. What the caller would have
  /// been told is in it: an id of a reservation must not be lost.
  static func late(_ response: HTTPResponse) -> HTTPResponse {
    var members = [Problem.Member("applied", json: "true")]
    if case .bytes(let body) = response.body, response.headers["content-type"] == "application/json" {
      members.append(Problem.Member("answer", json: String(decoding: body, as: UTF8.self)))
    }
    return notDurable(
      "The request was carried out and counts, but the disk did not confirm it in time: a loss of power may undo it.",
      members
    ).response()
  }

  private static func notDurable(_ detail: String, _ members: [Problem.Member]) -> Problem {
    Problem(
      type: ProblemType.notDurable, title: "Not durable", status: .serviceUnavailable, detail: detail, members: members)
  }
}
