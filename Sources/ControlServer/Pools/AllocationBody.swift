import BudgetCore
import JSONText

/// A request for an allocation, as its body writes it.
struct AllocationBody {
  var request: AllocationRequest

  private static let known: Set<String> = ["pool", "agent", "task", "priority", "max_tokens", "ttl"]

  init(_ body: [UInt8]) throws(BadRequest) {
    let object = try JSONBody.object(body, known: Self.known)
    request = AllocationRequest(
      pool: try Self.name("pool", in: object, required: true),
      agent: try Self.name("agent", in: object, required: true),
      task: try Self.name("task", in: object, required: false))
    if let value = object["priority"], !value.isNull {
      guard let priority = value.asString.flatMap({ Priority(name: $0) }) else {
        let names = Priority.allCases.map(\.name).joined(separator: ", ")
        throw BadRequest("priority must be one of \(names).", member: "priority")
      }
      request.priority = priority
    }
    request.cap = try JSONBody.count("max_tokens", in: object)
    if let value = object["ttl"], !value.isNull {
      guard let ttl = value.asString.flatMap({ DurationText.parse($0) }), ttl > .zero, ttl <= PoolTable.longestTTL
      else { throw BadRequest("ttl must be a duration from \"1ms\" to \"31d\", for example \"10m\".", member: "ttl") }
      request.ttl = ttl
    }
  }

  private static func name(_ key: String, in object: JSONObject, required: Bool) throws(BadRequest) -> String {
    let value = object[key]
    if !required, value == nil || value?.isNull == true { return "" }
    guard let text = value?.asString, text.utf8.count <= 256, !required || !text.isEmpty else {
      throw BadRequest("\(key) must be a string of \(required ? 1 : 0) to 256 bytes.", member: key)
    }
    return text
  }
}

/// What was used of an allocation: `{"lookup": n, "reasoning": n}`, or `{"tokens": n}` when nobody knows what for.
struct AllocationUsageBody {
  var usage: AllocationUsage

  private static let known: Set<String> = ["lookup", "reasoning", "tokens"]

  init(_ body: [UInt8]) throws(BadRequest) {
    let object = try JSONBody.object(body, known: Self.known)
    guard !object.isEmpty else { throw BadRequest("The body needs lookup and reasoning, or tokens.") }
    usage = AllocationUsage(
      lookup: try JSONBody.count("lookup", in: object) ?? 0,
      reasoning: try JSONBody.count("reasoning", in: object) ?? 0,
      untyped: try JSONBody.count("tokens", in: object) ?? 0)
  }
}

/// How much an operator adds, and to which allocation if to one.
struct PoolTopUpBody {
  var tokens: Quantity
  var allocation: UInt64?

  private static let known: Set<String> = ["tokens", "allocation"]

  init(_ body: [UInt8]) throws(BadRequest) {
    let object = try JSONBody.object(body, known: Self.known)
    guard let tokens = try JSONBody.count("tokens", in: object), tokens > 0, tokens <= PoolTable.largestTopUp else {
      throw BadRequest("tokens must be a whole number from 1 to \(PoolTable.largestTopUp).", member: "tokens")
    }
    self.tokens = tokens
    allocation = try JSONBody.count("allocation", in: object).map { UInt64(clamping: $0) }
  }
}

extension JSONBody {
  /// A whole number that is not negative; `nil` when absent.
  static func count(_ key: String, in object: JSONObject) throws(BadRequest) -> Quantity? {
    guard let value = object[key], !value.isNull else { return nil }
    guard let count = value.asInt64, count >= 0 else {
      throw BadRequest("\(key) must be a whole number >= 0.", member: key)
    }
    return Quantity(count)
  }
}
