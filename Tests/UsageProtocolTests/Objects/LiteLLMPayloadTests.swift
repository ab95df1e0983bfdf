import BudgetCore
import JSONText
import Testing
import UsageProtocol

@Suite("Payloads of LiteLLM's callbacks")
struct LiteLLMPayloadTests {
  /// The members that count, as the callback sends them; those given replace them.
  private func call(_ changes: String = "", usage: String = "null", metadata: String = "") throws -> UsageObject {
    let plain = """
      {"id": "chatcmpl-1", "trace_id": "t-1", "call_type": "acompletion", "stream": false, "status": "success",
       "custom_llm_provider": "openai", "total_tokens": 30, "prompt_tokens": 10, "completion_tokens": 20,
       "startTime": 1763740000.25, "endTime": 1763740001.5, "response_time": 1.25, "model": "gpt-4o",
       "response_cost": 0.000225, "cache_hit": null, "request_tags": [], "end_user": "",
       "metadata": {\(metadata)"user_api_key_hash": null, "usage_object": \(usage)},
       "messages": [{"role": "user", "content": "Hello"}], "response": {"usage": {"prompt_tokens": 99}}}
      """
    var members = JSONObject()
    for text in ["{\(changes)}", plain] {
      for (key, value) in try JSONValue.parse(text).asObject?.members ?? [] { members.insert(key, value) }
    }
    return try UsageObject(.object(members))
  }

  @Test("tokens, model, provider and duration of a call are counted; its price is ours to say")
  func plain() throws {
    let object = try call()
    #expect(kinds(object.spend) == ["input:10", "output:20"])
    #expect(object.spend.requests == 1 && object.spend.cost == 0)
    #expect(texts(object.tags) == ["model:gpt-4o", "provider:openai"])
    #expect(object.id == "chatcmpl-1" && object.duration == 1_250_000_000)
  }

  @Test("caches and reasoning are split by the provider's usage that comes along")
  func usageObject() throws {
    let usage = """
      {"prompt_tokens": 1000, "completion_tokens": 300, "total_tokens": 1300, "cache_creation_input_tokens": 50,
       "cache_read_input_tokens": 400, "prompt_tokens_details": {"cached_tokens": 400},
       "completion_tokens_details": {"reasoning_tokens": 200}}
      """
    let object = try call(usage: usage)
    #expect(kinds(object.spend) == ["input:550", "cache_read:400", "cache_write:50", "output:100", "reasoning:200"])
  }

  @Test("who spent is read from keys, end users and teams; a request's own tags win")
  func owners() throws {
    let metadata = """
      "user_api_key_alias": "research-key", "user_api_key_user_id": "u-9", "user_api_key_team_alias": "search",
      "user_api_key_end_user_id": "alice",
      """
    let plain = try call(metadata: metadata)
    #expect(
      texts(plain.tags) == ["agent:research-key", "model:gpt-4o", "provider:openai", "team:search", "user:alice"])
    let tagged = try call(
      #""session_id": "s-1", "request_tags": ["agent:planner", "step:3", "User-Agent: x", "plain", "a b:c", 5]"#,
      metadata: metadata)
    #expect(
      texts(tagged.tags) == [
        "agent:planner", "model:gpt-4o", "provider:openai", "session:s-1", "step:3", "team:search", "user:alice",
      ])
  }

  @Test("a tag may name the hold that the call settles")
  func reservation() throws {
    let object = try call(#""request_tags": ["reservation:r-1"]"#)
    #expect(object.reservation == "r-1")
    #expect(texts(object.tags) == ["model:gpt-4o", "provider:openai"])
  }

  @Test("an answer from LiteLLM's own cache spent nothing")
  func cached() throws {
    let object = try call(#""cache_hit": true"#)
    #expect(kinds(object.spend).isEmpty && object.spend.requests == 0)
  }

  @Test("a call that failed is a call")
  func failure() throws {
    let object = try call(#""status": "failure", "prompt_tokens": 0, "completion_tokens": 0, "model": null"#)
    #expect(kinds(object.spend).isEmpty && object.spend.requests == 1)
    #expect(texts(object.tags) == ["provider:openai"])
  }

  @Test("what does not fit as a tag is left out and refuses nothing")
  func longTags() throws {
    let long = String(repeating: "x", count: 5000)
    let object = try call(#""end_user": "\#(long)", "request_tags": ["team:\#(long)"]"#)
    #expect(texts(object.tags) == ["model:gpt-4o", "provider:openai"])
  }

  @Test("counts that nobody can mean are refused, with their member")
  func badCounts() throws {
    #expect(throws: UsageObject.Invalid.self) {
      try call(#""prompt_tokens": -1"#)
    }
  }
}
