import JSONText

/// One message of a conversation, in the shape of OpenAI's or Anthropic's chat API.
struct ChatMessage {
  /// Counted for a part that is no text, such as an image: about what providers charge for a large one.
  static let tokensOfOtherPart = 1_000

  /// The message as it came, but for its texts.
  private let original: JSONObject
  let role: String
  /// The content if it is a string, or each text part.
  private(set) var texts: [String]
  /// Tokens of all that is no text: other parts and tool calls.
  private let otherTokens: Int
  private var characters = 0
  /// Ids of the tool calls that this message makes.
  let callIDs: [String]
  /// Ids of the tool calls that this message answers.
  let answeredIDs: [String]
  /// Whether the message answers tool calls, and so cannot begin a turn.
  let answersTools: Bool

  init(_ value: JSONValue, at index: Int) throws(BadRequest) {
    let path = "messages[\(index)]"
    guard let object = value.asObject else { throw BadRequest("\(path) must be an object.", member: path) }
    guard let role = object["role"]?.asString, !role.isEmpty else {
      throw BadRequest("\(path).role must be a string such as \"user\".", member: path + ".role")
    }
    var parts: [JSONValue] = []
    switch object["content"] ?? .null {
    case .null: texts = []
    case .string(let text): texts = [text]
    case .array(let array):
      parts = array
      texts = parts.compactMap { Self.text(of: $0) }
    default:
      throw BadRequest("\(path).content must be a string or an array of parts.", member: path + ".content")
    }
    original = object
    self.role = role
    let others = parts.filter { Self.text(of: $0) == nil }
    let calls = ["tool_calls", "function_call"].compactMap { object[$0] }.filter { !$0.isNull }
    otherTokens =
      others.reduce(0) { $0 + Self.tokens(of: $1) } + calls.reduce(0) { $0 + TokenEstimate.tokens(inJSON: $1) }
    callIDs = ((object["tool_calls"]?.asArray ?? []) + others).compactMap { $0.asObject?["id"]?.asString }
    answeredIDs =
      [object["tool_call_id"]?.asString].compactMap { $0 }
      + others.compactMap { $0.asObject?["tool_use_id"]?.asString }
    answersTools =
      role == "tool" || role == "function"
      || others.contains { $0.asObject?["type"]?.asString == "tool_result" }
    usesTools = !callIDs.isEmpty || !answeredIDs.isEmpty || !calls.isEmpty || answersTools
    characters = texts.reduce(0) { $0 + $1.unicodeScalars.count }
  }

  /// A message of this program's own.
  init(role: String, text: String) {
    original = ["role": .string(role), "content": .string(text)]
    self.role = role
    texts = [text]
    otherTokens = 0
    callIDs = []
    answeredIDs = []
    answersTools = false
    usesTools = false
    characters = text.unicodeScalars.count
  }

  /// Whether the message is one end of a tool call; the two ends stay or go together.
  let usesTools: Bool

  var tokens: Int { otherTokens + TokenEstimate.tokens(characters) }

  /// Whether nobody but its author may change the message.
  var isSystem: Bool { role == "system" || role == "developer" }

  var hasOnlyText: Bool { otherTokens == 0 && !texts.isEmpty }

  mutating func setText(_ position: Int, to text: String) {
    characters += text.unicodeScalars.count - texts[position].unicodeScalars.count
    texts[position] = text
  }

  /// The message with its texts as they are now and everything else as it came.
  var json: JSONValue {
    var position = 0
    func next() -> JSONValue {
      defer { position += 1 }
      return .string(texts[position])
    }
    var result = JSONObject()
    for (key, value) in original.members {
      switch value {
      case .string where key == "content": result.insert(key, next())
      case .array(let parts) where key == "content":
        result.insert(
          key,
          .array(
            parts.map { part in
              guard Self.text(of: part) != nil, let object = part.asObject else { return part }
              var changed = JSONObject()
              for (key, value) in object.members { changed.insert(key, key == "text" ? next() : value) }
              return .object(changed)
            }))
      default: result.insert(key, value)
      }
    }
    return .object(result)
  }

  private static func text(of part: JSONValue) -> String? {
    guard let object = part.asObject, object["type"]?.asString == "text" else { return nil }
    return object["text"]?.asString
  }

  /// Tool calls and their results are text after all; anything else counts as an image.
  private static func tokens(of part: JSONValue) -> Int {
    switch part.asObject?["type"]?.asString {
    case "tool_use", "tool_result": TokenEstimate.tokens(inJSON: part)
    default: tokensOfOtherPart
    }
  }
}
