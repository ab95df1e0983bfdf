import BudgetCore
import JSONText

/// A call as LiteLLM's logging callbacks tell of it: a `StandardLoggingPayload`, which its `generic_api` callback posts in
/// arrays.
///
/// What it says of money is not taken: the call is priced here, like any other. Tags that do not fit are left out and
/// refuse nothing: LiteLLM sends a batch once, and what it spent has to be counted.
struct LiteLLMPayload {
  private let object: JSONObject
  private let metadata: JSONObject

  /// - Returns: nil for anything else.
  init?(_ object: JSONObject) {
    guard object["call_type"]?.asString != nil, object["status"]?.asString != nil, object["prompt_tokens"] != nil,
      object["custom_llm_provider"] != nil
    else { return nil }
    self.object = object
    metadata = object["metadata"]?.asObject ?? JSONObject()
  }

  var id: String? { text(object["id"]) }

  /// How long the call took, in nanoseconds.
  var duration: Int64? {
    guard let nanoseconds = object["response_time"]?.asNumber?.decimal(scale: 9), nanoseconds > 0,
      nanoseconds <= UsageObject.longestDuration
    else { return nil }
    return Int64(nanoseconds)
  }

  /// Tokens of one call. What LiteLLM answered from a cache of its own cost nobody anything.
  func spend() throws(UsageObject.Invalid) -> Spend {
    if case .bool(true)? = object["cache_hit"] { return Spend() }
    // The payload's own counts know nothing of caches and reasoning; the provider's do.
    if let usage = metadata["usage_object"]?.asObject, let spend = try ProviderUsage.spend(usage, at: "usage_object.") {
      return spend
    }
    return try ProviderUsage.spend(object, at: "") ?? Spend(requests: 1)
  }

  /// Who spent: the model and its provider, the key's alias as the agent, end user, team, session; and request tags of the
  /// form `agent:researcher`, which win.
  var tags: [Tag] {
    var tags: [Tag] = []
    func set(_ key: String, _ values: JSONValue?...) {
      guard let value = values.lazy.compactMap({ text($0) }).first(where: { fits(key, $0) }) else { return }
      tags.removeAll { $0.key == key }
      tags.append(Tag(key: key, value: value))
    }
    set(TagName.model, object["model"])
    set(TagName.provider, object["custom_llm_provider"])
    set(TagName.agent, metadata["user_api_key_alias"])
    set(
      TagName.user, object["end_user"], metadata["user_api_key_end_user_id"],
      object["model_parameters"]?.asObject?["user"], metadata["user_api_key_user_id"])
    set("team", metadata["user_api_key_team_alias"], metadata["user_api_key_team_id"])
    set("session", object["session_id"])
    for tag in (object["request_tags"]?.asArray ?? []).prefix(TagScanner.maximumTags) {
      guard let tag = tag.asString, let colon = tag.firstIndex(of: ":") else { continue }
      let key = String(tag[..<colon])
      // LiteLLM puts tags of its own beside those of the caller: "User-Agent: …".
      guard key.utf8.allSatisfy({ Self.isKeyByte($0) }), key != "User-Agent", tags.count < TagScanner.maximumTags
      else { continue }
      set(key, .string(String(tag[tag.index(after: colon)...])))
    }
    return tags
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private func text(_ value: JSONValue?) -> String? {
    guard let text = value?.asString, !text.isEmpty else { return nil }
    return text
  }

  private func fits(_ key: String, _ value: String) -> Bool { (try? TagScanner.check(key: key, value: value)) != nil }
}
