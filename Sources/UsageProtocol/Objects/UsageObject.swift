package import BudgetCore
package import JSONText

/// One call's usage as a JSON object: a line on stdin, or a body of `POST /v1/usage`.
///
/// Understood are our own shape (`{"tags": {…}, "tokens": {…}, "cost_usd": "0.01", "requests": 1, "id": "…"}`)
/// and the responses or bare `usage` objects of OpenAI (chat and responses), Anthropic and Gemini, whose
/// inclusive counts are split: `input` means uncached input here, `output` without reasoning. So is what LiteLLM's
/// `generic_api` callback posts.
package struct UsageObject: Sendable {
  package var tags: TagSet
  package var spend: Spend
  package var id: String?
  /// The reservation that this usage settles.
  package var reservation: String?
  /// Nanoseconds that the call took.
  package var duration: Int64?

  /// What is wrong with an object: the member and a sentence.
  package struct Invalid: Error, Hashable, Sendable {
    package var member: String
    package var problem: String

    package init(_ member: String, _ problem: String) {
      self.member = member
      self.problem = problem
    }
  }

  /// More tokens than anybody spends at once.
  package static let largestCount: Int64 = 1_000_000_000_000_000
  package static let largestCost: Quantity = 9_000_000_000_000_000_000
  static let longestDuration: Int128 = 1_000_000_000_000_000_000

  package init(_ value: JSONValue) throws(Invalid) {
    guard let object = value.asObject else { throw Invalid("", "must be an object, got \(value.kind)") }
    if let payload = LiteLLMPayload(object) {
      let tags = TagSet(payload.tags)
      self.tags = tags.removing(TagName.id).removing(TagName.reservation)
      spend = try payload.spend()
      id = payload.id ?? tags[TagName.id]
      reservation = tags[TagName.reservation]
      duration = payload.duration
      return
    }
    var tags = TagSet(try Self.tags(in: object))
    if let (usage, spend) = try ProviderUsage.find(in: object) {
      self.spend = spend
      if let cost = object["cost_usd"], !cost.isNull { self.spend.cost = try Self.cost(cost, "cost_usd") }
      if let model = usage.model, tags[TagName.model] == nil {
        tags = tags.setting(TagName.model, to: try Self.checked(model, key: TagName.model, at: "modelVersion"))
      }
      // A response's own id names the call: the same response twice is one call.
      id = (object["id"] ?? object["responseId"])?.asString.flatMap { $0.isEmpty ? nil : $0 }
    } else {
      try Self.requireUsage(in: object)
      spend = try Self.spend(in: object)
      // A plain number of tokens is of the kind that the tags name.
      if object["tokens"]?.asNumber != nil, let kind = tags[TagName.tokenType] {
        spend.tokens[0].kind = TokenKind(name: kind)
      }
      id = try Self.string(TagName.id, in: object)
    }
    duration = try Self.duration(in: object)
    reservation = try Self.string(TagName.reservation, in: object)
    // The special tags of usage lines mean the same here.
    id = id ?? tags[TagName.id]
    reservation = reservation ?? tags[TagName.reservation]
    self.tags = tags.removing(TagName.id).removing(TagName.reservation)
  }

  /// An object that says nothing of usage is a mistake, and its id must not make a duplicate of the one that does:
  /// every chunk of a streamed response has the id, and only the last one the usage.
  private static func requireUsage(in object: JSONObject) throws(Invalid) {
    let members = ["tokens", "cost_usd", "requests", "items", "duration_ms"]
    guard members.allSatisfy({ object[$0]?.isNull ?? true }) else { return }
    if object["usage"] != nil { throw Invalid("usage", "must be the usage object of a provider's response") }
    throw Invalid(
      "tokens", "is missing, and so are \(members.dropFirst().joined(separator: ", ")) and a provider's usage")
  }

  private static func duration(in object: JSONObject) throws(Invalid) -> Int64? {
    guard let member = object["duration_ms"], !member.isNull else { return nil }
    guard let nanoseconds = member.asNumber?.decimal(scale: 6), nanoseconds >= 0, nanoseconds <= longestDuration else {
      throw Invalid("duration_ms", "must be a number of milliseconds >= 0")
    }
    return Int64(nanoseconds)
  }

  private static func string(_ member: String, in object: JSONObject) throws(Invalid) -> String? {
    guard let value = object[member], !value.isNull else { return nil }
    guard let text = value.asString, !text.isEmpty, text.utf8.count <= 256 else {
      throw Invalid(member, "must be a string of 1 to 256 bytes")
    }
    return text
  }

  /// `tokens`, `cost_usd`, `requests` and `items` of our own shape.
  package static func spend(in object: JSONObject) throws(Invalid) -> Spend {
    var spend = Spend()
    if let member = object["tokens"], !member.isNull {
      if let count = try count(member, "tokens", allowObject: true) {
        spend.tokens = [TokenAmount(kind: .input, count: count)]
      } else if let kinds = member.asObject {
        guard kinds.count <= 16 else { throw Invalid("tokens", "must have at most 16 kinds") }
        for (name, value) in kinds.members where !value.isNull {
          guard !name.isEmpty, name.utf8.count <= 64 else { throw Invalid("tokens", "a kind has 1 to 64 bytes") }
          let count = try count(value, "tokens.\(name)", allowObject: false)!
          spend.tokens.append(TokenAmount(kind: TokenKind(name: name), count: count))
        }
      }
    }
    if let member = object["cost_usd"], !member.isNull { spend.cost = try cost(member, "cost_usd") }
    if let member = object["requests"], !member.isNull {
      spend.requests = try count(member, "requests", allowObject: false)!
    }
    if let member = object["items"], !member.isNull { spend.items = try count(member, "items", allowObject: false)! }
    return spend
  }

  private static func count(_ value: JSONValue, _ member: String, allowObject: Bool) throws(Invalid) -> Int64? {
    if allowObject, value.asObject != nil { return nil }
    guard let number = value.asInt64, number >= 0, number <= largestCount else {
      throw Invalid(
        member,
        "must be a whole number from 0 to \(largestCount)" + (allowObject ? ", or an object of them by kind" : ""))
    }
    return number
  }

  /// A decimal string or number of USD, in picodollars.
  package static func cost(_ value: JSONValue, _ member: String) throws(Invalid) -> Quantity {
    let number = value.asString.flatMap { JSONNumber(literal: $0) } ?? value.asNumber
    guard let picodollars = number?.decimal(scale: 12), picodollars >= 0, picodollars <= largestCost else {
      throw Invalid(member, "must be a decimal string of USD from \"0\" to \"9000000\", for example \"0.0125\"")
    }
    return picodollars
  }
}
