import ArgumentParser
import BudgetCore
import Configuration
import JSONText

/// A call to come: who makes it, and how large it is.
struct CallOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who calls.", valueName: "name"))
  var agent: String?

  @Option(help: ArgumentHelp("For whom.", valueName: "name"))
  var user: String?

  @Option(help: ArgumentHelp("The model that is called.", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Another tag; may be repeated.", valueName: "key=value"))
  var tag: [String] = []

  @Option(help: ArgumentHelp("Tokens of one kind, such as input=800; may be repeated.", valueName: "kind=count"))
  var tokens: [String] = []

  @Option(help: ArgumentHelp("Calls. (default: 1)", valueName: "count"))
  var requests: Int?

  @Option(help: ArgumentHelp("US dollars besides what the tokens cost.", valueName: "usd"))
  var cost: String?

  /// The body of a request about such a call.
  func body() throws(StartError) -> JSONObject {
    var body = JSONObject()
    var tags = try TagOption.object(tag)
    for (key, value) in [(TagName.agent, agent), (TagName.user, user), (TagName.model, model)] {
      if let value { tags.insert(key, .string(value)) }
    }
    if !tags.members.isEmpty { body.insert("tags", .object(tags)) }
    var counts = JSONObject()
    for text in tokens {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, let count = NumberText.whole(parts[1]) else {
        throw StartError("--tokens: \"\(text)\" says no count of a kind. Write for example --tokens input=800.")
      }
      counts.insert(String(parts[0]), .number(JSONNumber(count)))
    }
    if !counts.members.isEmpty { body.insert("tokens", .object(counts)) }
    if let requests { body.insert("requests", .number(JSONNumber(Int64(requests)))) }
    if let cost { body.insert("cost_usd", .string(cost)) }
    return body
  }
}

/// Tags as flags write them.
enum TagOption {
  static func object(_ texts: [String]) throws(StartError) -> JSONObject {
    var tags = JSONObject()
    for text in texts {
      let (key, value) = try pair(text, "--tag")
      tags.insert(key, .string(value))
    }
    return tags
  }

  /// `agent=researcher`, or `agent:researcher` as usage lines write it.
  static func pair(_ text: String, _ flag: String) throws(StartError) -> (key: String, value: String) {
    guard let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }), mark != text.startIndex else {
      throw StartError("\(flag): \"\(text)\" is no tag with its value. Write for example agent=researcher.")
    }
    return (String(text[..<mark]), String(text[text.index(after: mark)...]))
  }
}
