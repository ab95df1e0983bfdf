import JSONText

/// A request to make a conversation shorter.
struct CompressBody {
  static let mostMessages = 10_000
  private static let mostPhrases = 200
  private static let longestPhrase = 64
  private static let known: Set<String> = ["messages", "max_tokens", "compress_to", "keep_turns", "small_talk"]

  let messages: [ChatMessage]
  let maxTokens: Int
  var keepTurns = 6
  var smallTalk = SmallTalk.common

  init(_ body: [UInt8]) throws(BadRequest) {
    let object = try JSONBody.object(body, known: Self.known)
    guard let values = object["messages"]?.asArray, values.count <= Self.mostMessages else {
      throw BadRequest("messages must be an array of at most \(Self.mostMessages) messages.", member: "messages")
    }
    var messages: [ChatMessage] = []
    messages.reserveCapacity(values.count)
    for (index, value) in values.enumerated() { messages.append(try ChatMessage(value, at: index)) }
    self.messages = messages
    guard object["max_tokens"] == nil || object["compress_to"] == nil else {
      throw BadRequest("max_tokens and compress_to mean the same: give one of them.", member: "compress_to")
    }
    let name = object["compress_to"] == nil ? "max_tokens" : "compress_to"
    maxTokens = try Self.whole(object[name], name, 1...1_000_000_000)
    if let turns = object["keep_turns"] { keepTurns = try Self.whole(turns, "keep_turns", 1...10_000) }
    if let phrases = object["small_talk"] { smallTalk = try Self.phrases(phrases) }
  }

  private static func whole(_ value: JSONValue?, _ name: String, _ range: ClosedRange<Int64>) throws(BadRequest) -> Int
  {
    guard let number = value?.asInt64, range.contains(number) else {
      throw BadRequest(
        "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).", member: name)
    }
    return Int(number)
  }

  private static func phrases(_ value: JSONValue) throws(BadRequest) -> [String] {
    let phrases = value.asArray?.compactMap(\.asString)
    guard let phrases, phrases.count == value.asArray?.count, phrases.count <= mostPhrases,
      phrases.allSatisfy({ (1...longestPhrase).contains($0.utf8.count) })
    else {
      throw BadRequest(
        "small_talk must be an array of at most \(mostPhrases) phrases of 1 to \(longestPhrase) bytes.",
        member: "small_talk")
    }
    return phrases
  }
}
