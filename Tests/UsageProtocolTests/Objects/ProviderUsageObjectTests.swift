import BudgetCore
import Testing
import UsageProtocol

@Suite("Usage objects of providers")
struct ProviderUsageObjectTests {
  static let openAIChat = """
    {"id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-4o-2024-08-06", "choices": [{"index": 0}],
     "usage": {"prompt_tokens": 1000, "completion_tokens": 300, "total_tokens": 1300,
               "prompt_tokens_details": {"cached_tokens": 400, "audio_tokens": 0},
               "completion_tokens_details": {"reasoning_tokens": 200, "audio_tokens": 0}}}
    """
  static let openAIResponses = """
    {"id": "resp_1", "object": "response", "model": "gpt-5", "user": null,
     "usage": {"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 900}, "output_tokens": 87,
               "output_tokens_details": {"reasoning_tokens": 64}, "total_tokens": 1087}}
    """
  static let anthropic = """
    {"id": "msg_1", "type": "message", "model": "claude-sonnet-4-5", "role": "assistant", "content": [],
     "usage": {"input_tokens": 600, "cache_creation_input_tokens": 50, "cache_read_input_tokens": 4000,
               "cache_creation": {"ephemeral_5m_input_tokens": 50}, "output_tokens": 90, "service_tier": "standard"}}
    """
  static let gemini = """
    {"candidates": [], "modelVersion": "gemini-2.5-pro", "responseId": "g-1",
     "usageMetadata": {"promptTokenCount": 500, "cachedContentTokenCount": 200, "candidatesTokenCount": 30,
                       "toolUsePromptTokenCount": 10, "thoughtsTokenCount": 70, "totalTokenCount": 610}}
    """

  @Test(
    "inclusive counts are split, one call is one request",
    arguments: [
      (openAIChat, ["input:600", "cache_read:400", "output:100", "reasoning:200"], "gpt-4o-2024-08-06", "chatcmpl-1"),
      (openAIResponses, ["input:100", "cache_read:900", "output:23", "reasoning:64"], "gpt-5", "resp_1"),
      (anthropic, ["input:600", "cache_read:4000", "cache_write:50", "output:90"], "claude-sonnet-4-5", "msg_1"),
      (gemini, ["input:310", "cache_read:200", "output:30", "reasoning:70"], "gemini-2.5-pro", "g-1"),
    ])
  func responses(text: String, tokens: [String], model: String, id: String) throws {
    let object = try usageObject(text)
    #expect(kinds(object.spend) == tokens)
    #expect(object.spend.requests == 1 && object.spend.cost == 0)
    #expect(texts(object.tags) == ["model:\(model)"])
    #expect(object.id == id)
  }

  @Test(
    "a bare usage object will do, with tags beside it",
    arguments: [
      (#"{"prompt_tokens": 5, "completion_tokens": 7, "agent": "a"}"#, ["input:5", "output:7"]),
      (#"{"completion_tokens": 7, "agent": "a"}"#, ["output:7"]), (#"{"prompt_tokens": 5, "agent": "a"}"#, ["input:5"]),
      (#"{"input_tokens": 5, "output_tokens": 7, "agent": "a"}"#, ["input:5", "output:7"]),
      (#"{"promptTokenCount": 5, "tags": {"agent": "a"}}"#, ["input:5"]),
      (#"{"prompt_tokens": 0, "completion_tokens": 0, "agent": "a"}"#, []),
      (
        #"{"usage": {"input_tokens": 5, "cache_read_input_tokens": null, "cache_creation_input_tokens": null}, "agent": "a"}"#,
        ["input:5"]
      ),
      (
        #"{"usage": {"input_tokens": 5, "input_tokens_details": null, "output_tokens_details": null}, "agent": "a"}"#,
        ["input:5"]
      ),
      (#"{"usage": {"prompt_tokens": 5, "prompt_tokens_details": null}, "agent": "a"}"#, ["input:5"]),
    ])
  func bare(text: String, tokens: [String]) throws {
    let object = try usageObject(text)
    #expect(kinds(object.spend) == tokens)
    #expect(object.spend.requests == 1)
    #expect(texts(object.tags) == ["agent:a"])
    #expect(object.id == nil)
  }

  @Test("more cached than sent leaves no negative input")
  func inconsistent() throws {
    let object = try usageObject(
      #"{"usage": {"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}, "completion_tokens": 1, "completion_tokens_details": {"reasoning_tokens": 4}}}"#
    )
    #expect(kinds(object.spend) == ["cache_read:9", "reasoning:4"])
  }

  @Test("the largest counts are read, and sums of them do not overflow")
  func largest() throws {
    let most = "1000000000000000"
    let object = try usageObject(
      #"{"usage": {"input_tokens": \#(most), "cache_read_input_tokens": \#(most), "cache_creation_input_tokens": \#(most)}}"#
    )
    #expect(kinds(object.spend) == ["input:\(most)", "cache_read:\(most)", "cache_write:\(most)"])
    let gemini = try usageObject(
      #"{"usageMetadata": {"promptTokenCount": \#(most), "toolUsePromptTokenCount": \#(most), "candidatesTokenCount": \#(most), "thoughtsTokenCount": \#(most)}}"#
    )
    #expect(kinds(gemini.spend) == ["input:2000000000000000", "output:\(most)", "reasoning:\(most)"])
  }

  @Test("a cost, a duration and a reservation beside the usage count too")
  func extras() throws {
    let object = try usageObject(
      #"{"usage": {"input_tokens": 5}, "cost_usd": "0.01", "duration_ms": 20, "reservation": "r", "id": ""}"#)
    #expect(object.spend.cost == 10_000_000_000)
    #expect(object.duration == 20_000_000)
    #expect(object.reservation == "r" && object.id == nil)
  }

  @Test("tags given by hand win over the response's model")
  func modelTag() throws {
    #expect(
      texts(try usageObject(#"{"tags": {"model": "x"}, "model": "y", "usage": {"input_tokens": 1}}"#).tags) == [
        "model:x"
      ])
    #expect(
      texts(
        try usageObject(#"{"tags": {"model": "x"}, "modelVersion": "y", "usageMetadata": {"promptTokenCount": 1}}"#)
          .tags)
        == ["model:x"])
  }

  static let members: [(String, String)] = [
    (#"{"usage": {"prompt_tokens": $}}"#, "usage.prompt_tokens"),
    (#"{"usage": {"completion_tokens": $}}"#, "usage.completion_tokens"),
    (
      #"{"usage": {"prompt_tokens": 1, "prompt_tokens_details": {"cached_tokens": $}}}"#,
      "usage.prompt_tokens_details.cached_tokens"
    ),
    (
      #"{"usage": {"prompt_tokens": 1, "completion_tokens_details": {"reasoning_tokens": $}}}"#,
      "usage.completion_tokens_details.reasoning_tokens"
    ),
    (#"{"usage": {"input_tokens": $}}"#, "usage.input_tokens"),
    (#"{"usage": {"output_tokens": $}}"#, "usage.output_tokens"),
    (#"{"usage": {"input_tokens": 1, "cache_read_input_tokens": $}}"#, "usage.cache_read_input_tokens"),
    (#"{"usage": {"input_tokens": 1, "cache_creation_input_tokens": $}}"#, "usage.cache_creation_input_tokens"),
    (
      #"{"usage": {"input_tokens": 1, "input_tokens_details": {"cached_tokens": $}}}"#,
      "usage.input_tokens_details.cached_tokens"
    ),
    (
      #"{"usage": {"input_tokens": 1, "output_tokens_details": {"reasoning_tokens": $}}}"#,
      "usage.output_tokens_details.reasoning_tokens"
    ),
    (#"{"usageMetadata": {"promptTokenCount": $}}"#, "usageMetadata.promptTokenCount"),
    (#"{"usageMetadata": {"promptTokenCount": 1, "thoughtsTokenCount": $}}"#, "usageMetadata.thoughtsTokenCount"),
    (
      #"{"usageMetadata": {"promptTokenCount": 1, "cachedContentTokenCount": $}}"#,
      "usageMetadata.cachedContentTokenCount"
    ),
    (#"{"prompt_tokens": $}"#, "prompt_tokens"), (#"{"input_tokens": $}"#, "input_tokens"),
    (#"{"promptTokenCount": $}"#, "promptTokenCount"),
  ]

  @Test("a count that is none names its member, however deep", arguments: members)
  func badCounts(template: String, member: String) throws {
    for text in OwnUsageObjectTests.badCounts + ["{}"] {
      #expect(try invalid(template.replacing("$", with: text))?.member == member, "\(text)")
    }
  }

  @Test("a model name too long for a tag is refused")
  func longModel() throws {
    let name = String(repeating: "m", count: 513)
    #expect(
      try invalid(#"{"modelVersion": "\#(name)", "usageMetadata": {"promptTokenCount": 1}}"#)?.member == "modelVersion")
  }
}
