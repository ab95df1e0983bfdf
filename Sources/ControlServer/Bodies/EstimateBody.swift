import BudgetCore
import JSONText
import UsageProtocol

/// A call to come, as the body of `POST /v1/estimate` writes it: its tokens, or the length of its text.
struct EstimateBody {
  var request: SpendRequest

  private static let lengths = ["characters", "bytes", "text"]
  private static let known: Set<String> = [
    "tags", "tokens", "characters", "bytes", "text", "output", "cost_usd", "requests", "agent", "user", "model",
    "provider", "session", "task",
  ]

  init(_ body: [UInt8]) throws(BadRequest) {
    let object = try JSONBody.object(body, known: Self.known)
    let given = (["tokens"] + Self.lengths).filter { !(object[$0]?.isNull ?? true) }
    guard given.count <= 1 else {
      throw BadRequest("\(given[0]) and \(given[1]) say the same: give one of them.", member: given[1])
    }
    do {
      var spend = try UsageObject.spend(in: object)
      if object["requests"] == nil { spend.requests = 1 }
      request = SpendRequest(tags: TagSet(try UsageObject.tags(in: object)), spend: spend)
    } catch {
      throw BadRequest(error)
    }
    if let name = given.first, name != "tokens" {
      request.spend.tokens = [TokenAmount(kind: .input, count: try Self.tokens(name, in: object))]
    }
    if let output = try Self.count("output", in: object) {
      guard request.spend.outputTokens == nil else {
        throw BadRequest("output is among the tokens already.", member: "output")
      }
      request.spend.tokens.append(TokenAmount(kind: .output, count: output))
    }
    request.estimatesOutput = true
  }

  /// Four characters are about one token, a started one counted whole; of bytes the same, which is
  /// right for ASCII and too many for the rest.
  private static func tokens(_ name: String, in object: JSONObject) throws(BadRequest) -> Int64 {
    let length: Int64
    if name == "text" {
      guard let text = object[name]?.asString else { throw BadRequest("text must be a string.", member: name) }
      length = Int64(text.unicodeScalars.count)
    } else {
      length = try count(name, in: object) ?? 0
    }
    return length / 4 + (length % 4 > 0 ? 1 : 0)
  }

  private static func count(_ name: String, in object: JSONObject) throws(BadRequest) -> Int64? {
    guard let value = object[name], !value.isNull else { return nil }
    guard let count = value.asInt64, count >= 0, count <= UsageObject.largestCount else {
      throw BadRequest("\(name) must be a whole number from 0 to \(UsageObject.largestCount).", member: name)
    }
    return count
  }
}
