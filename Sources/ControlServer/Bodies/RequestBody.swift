import BudgetCore
import JSONText
import UsageProtocol

/// What is wrong with a request's body.
struct BadRequest: Error {
  var detail: String
  var member: String?

  var response: HTTPResponse {
    Problem(
      type: ProblemType.invalidRequest, title: "Invalid request", status: .badRequest, detail: detail,
      members: member.map {
        [Problem.Member("member", json: String(decoding: JSONValue.string($0).bytes(), as: UTF8.self))]
      }
        ?? []
    ).response()
  }

  init(_ detail: String, member: String? = nil) {
    self.detail = detail
    self.member = member
  }

  init(_ invalid: UsageObject.Invalid) {
    self.init(
      invalid.member.isEmpty ? "The body \(invalid.problem)." : "\(invalid.member) \(invalid.problem).",
      member: invalid.member.isEmpty ? nil : invalid.member)
  }
}

/// A request to check or reserve, as its body writes it.
struct SpendBody {
  var request: SpendRequest
  var ttl: Interval?
  var difficulty = Difficulty.medium

  private static let known: Set<String> = [
    "tags", "tokens", "cost_usd", "requests", "ttl", "partial", "agent", "user", "model", "provider", "session", "task",
    "difficulty", "priority",
  ]

  /// A body without any amount asks whether anything at all may be spent: for the smallest step of each unit.
  init(_ body: [UInt8]) throws(BadRequest) {
    let object = try JSONBody.object(body, known: Self.known)
    do {
      let tags = TagSet(try UsageObject.tags(in: object))
      var spend = try UsageObject.spend(in: object)
      if !object.says("tokens"), !object.says("cost_usd"), !object.says("requests") {
        spend = Spend(tokens: [TokenAmount(kind: .input, count: 1)], cost: 0, requests: 1)
      } else if !object.says("requests") {
        spend.requests = 1
      }
      request = SpendRequest(tags: tags, spend: spend)
      // A plain number is all the tokens there are.
      request.estimatesOutput = object["tokens"]?.asObject != nil && !spend.tokens.isEmpty
    } catch {
      throw BadRequest(error)
    }
    if let partial = object["partial"], !partial.isNull {
      guard let flag = partial.asBool else { throw BadRequest("partial must be true or false.", member: "partial") }
      request.partial = flag
    }
    ttl = try Self.ttl(in: object)
    difficulty = try Self.difficulty(in: object)
    request.priority = try Self.priority(in: object)
  }

  /// What the one who asked may do with less.
  func advice(on decision: Decision, settings: AdviceSettings) -> Advice {
    decision.advice(model: request.tags[TagName.model], difficulty: difficulty, settings: settings)
  }

  /// A word that nobody knows is no mistake: it may be one of the agent's own.
  private static func difficulty(in object: JSONObject) throws(BadRequest) -> Difficulty {
    guard let value = object["difficulty"], !value.isNull else { return .medium }
    guard let name = value.asString else {
      throw BadRequest("difficulty must be \"easy\", \"medium\" or \"hard\".", member: "difficulty")
    }
    return Difficulty(name: name)
  }

  private static func priority(in object: JSONObject) throws(BadRequest) -> Priority {
    guard let value = object["priority"], !value.isNull else { return .normal }
    guard let priority = value.asString.flatMap({ Priority(name: $0) }) else {
      throw BadRequest("priority must be \"low\", \"normal\", \"high\" or \"critical\".", member: "priority")
    }
    return priority
  }

  private static func ttl(in object: JSONObject) throws(BadRequest) -> Interval? {
    guard let value = object["ttl"], !value.isNull else { return nil }
    let length = value.asString.flatMap { DurationText.parse($0) }
    guard let length, length > .zero, length <= Ledger.longestTTL else {
      throw BadRequest("ttl must be a duration from \"1ms\" to \"24h\", for example \"10m\".", member: "ttl")
    }
    return length
  }
}

/// What a call really used, as the body of a settle writes it. A body without any amount settles what was reserved.
struct SettleBody {
  var actual: Spend?

  private static let known: Set<String> = ["tokens", "cost_usd", "requests", "items"]

  init(_ body: [UInt8]) throws(BadRequest) {
    guard !body.isEmpty else { return }
    let object = try JSONBody.object(body, known: Self.known)
    guard Self.known.contains(where: { object.says($0) }) else { return }
    do {
      var spend = try UsageObject.spend(in: object)
      if !object.says("requests") { spend.requests = 1 }
      actual = spend
    } catch {
      throw BadRequest(error)
    }
  }
}

extension JSONObject {
  /// Whether a member is there and not null, which means the same as its absence.
  fileprivate func says(_ member: String) -> Bool { !(self[member]?.isNull ?? true) }
}

enum JSONBody {
  static func value(_ body: [UInt8]) throws(BadRequest) -> JSONValue {
    do {
      return try JSONValue.parse(body)
    } catch {
      throw BadRequest("The body is not JSON: \(error).")
    }
  }

  /// The members of an object; others than the known ones are a mistake worth telling.
  static func object(_ body: [UInt8], known: Set<String>) throws(BadRequest) -> JSONObject {
    let value = try value(body)
    guard let object = value.asObject else { throw BadRequest("The body must be an object, got \(value.kind).") }
    for (key, _) in object.members where !known.contains(key) {
      throw BadRequest(
        "\(key.prefix(64)) is not a member of this request. Known are \(known.sorted().joined(separator: ", ")).",
        member: String(key.prefix(64)))
    }
    return object
  }
}
