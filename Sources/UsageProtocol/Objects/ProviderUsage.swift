import BudgetCore
import JSONText

/// The usage objects that model providers return.
struct ProviderUsage {
  var model: String?

  /// The usage in a provider's response, or in a bare usage object; `nil` when the object is not a provider's.
  static func find(in object: JSONObject) throws(UsageObject.Invalid) -> (ProviderUsage, Spend)? {
    if let usage = object["usage"]?.asObject, let spend = try spend(usage, at: "usage.") {
      return (ProviderUsage(model: nil), spend)
    }
    if let usage = object["usageMetadata"]?.asObject, let spend = try spend(usage, at: "usageMetadata.") {
      return (ProviderUsage(model: object["modelVersion"]?.asString), spend)
    }
    guard let spend = try spend(object, at: "") else { return nil }
    return (ProviderUsage(model: nil), spend)
  }

  static func spend(_ usage: JSONObject, at prefix: String) throws(UsageObject.Invalid) -> Spend? {
    let reader = CountReader(object: usage, prefix: prefix)
    if usage["prompt_tokens"] != nil || usage["completion_tokens"] != nil {
      // OpenAI chat completions: cached tokens are part of the prompt, reasoning part of the completion. So does LiteLLM
      // write of any provider, and tells of tokens written to a cache in Anthropic's word.
      return call(
        inclusiveInput: try reader.count("prompt_tokens"),
        cacheRead: try reader.count("cached_tokens", in: "prompt_tokens_details"),
        cacheWrite: try reader.count("cache_creation_input_tokens"),
        inclusiveOutput: try reader.count("completion_tokens"),
        reasoning: try reader.count("reasoning_tokens", in: "completion_tokens_details"))
    }
    if usage["promptTokenCount"] != nil || usage["candidatesTokenCount"] != nil {
      // Gemini: cached content is part of the prompt, thoughts are beside the candidates.
      let thoughts = try reader.count("thoughtsTokenCount")
      return call(
        inclusiveInput: try reader.count("promptTokenCount").saturatingAdd(try reader.count("toolUsePromptTokenCount")),
        cacheRead: try reader.count("cachedContentTokenCount"), cacheWrite: 0,
        inclusiveOutput: try reader.count("candidatesTokenCount").saturatingAdd(thoughts), reasoning: thoughts)
    }
    guard usage["input_tokens"] != nil || usage["output_tokens"] != nil else { return nil }
    let cacheWrite = try reader.count("cache_creation_input_tokens")
    let isInclusive = usage["input_tokens_details"] != nil
    let cacheRead =
      isInclusive
      ? try reader.count("cached_tokens", in: "input_tokens_details") : try reader.count("cache_read_input_tokens")
    let input = try reader.count("input_tokens")
    return call(
      // OpenAI responses count cached tokens in the input; Anthropic counts them beside it.
      inclusiveInput: isInclusive ? input : input.saturatingAdd(cacheRead).saturatingAdd(cacheWrite),
      cacheRead: cacheRead, cacheWrite: cacheWrite, inclusiveOutput: try reader.count("output_tokens"),
      reasoning: try reader.count("reasoning_tokens", in: "output_tokens_details"))
  }

  private static func call(
    inclusiveInput: Int64, cacheRead: Int64, cacheWrite: Int64, inclusiveOutput: Int64, reasoning: Int64
  ) -> Spend {
    let amounts: [TokenAmount] = [
      TokenAmount(kind: .input, count: max(0, inclusiveInput - cacheRead - cacheWrite)),
      TokenAmount(kind: .cacheRead, count: cacheRead),
      TokenAmount(kind: .cacheWrite, count: cacheWrite),
      TokenAmount(kind: .output, count: max(0, inclusiveOutput - reasoning)),
      TokenAmount(kind: .reasoning, count: reasoning),
    ]
    return Spend(tokens: amounts.filter { $0.count > 0 }, requests: 1)
  }
}

private struct CountReader {
  let object: JSONObject
  let prefix: String

  func count(_ member: String, in parent: String? = nil) throws(UsageObject.Invalid) -> Int64 {
    let holder = parent.map { object[$0]?.asObject } ?? object
    guard let value = holder?[member], !value.isNull else { return 0 }
    guard let count = value.asInt64, count >= 0, count <= UsageObject.largestCount else {
      let path = prefix + (parent.map { $0 + "." } ?? "") + member
      throw UsageObject.Invalid(path, "must be a whole number from 0 to \(UsageObject.largestCount)")
    }
    return count
  }
}
