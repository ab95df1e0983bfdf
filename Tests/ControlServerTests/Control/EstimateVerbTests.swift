import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("Estimate a call")
struct EstimateVerbTests {
  private let scene = ControlScene([.test(limit: 10)]) { $0.estimates.defaultOutput = 300 }

  private func tokens(_ body: String) -> [String: Int64] {
    let members = scene.post("/v1/estimate", body).member("tokens")?.asObject?.members ?? []
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.asInt64 ?? -1) })
  }

  @Test("B1, C13: tokens by kind, their exact cost and the rates that make it")
  func answer() throws {
    let answer = scene.post(
      "/v1/estimate", #"{"model": "m1", "tokens": {"input": 1001, "output": 100}, "cost_usd": "1"}"#)
    #expect(answer.status == 200)
    let expected = try json(
      """
      {"tokens": {"input": 1001, "output": 100}, "output_source": "given", "cost_usd": "1.0035025",
       "price": {"provider": "", "model": "m1", "matched_by": "model", "estimated": false,
         "usd_per_token": {"input": "0.0000025", "output": "0.00001", "cache_read": "0.0000025",
           "cache_write": "0.0000025", "reasoning": "0.00001"}}}
      """)
    #expect(answer.json == expected, "\(answer.string)")
  }

  @Test(
    "C13: four characters, started ones too, are a token",
    arguments: [
      (#""text": """#, 0), (#""text": "abcd""#, 1), (#""text": "abcde""#, 2), (#""text": "ééééé""#, 2),
      (#""characters": 9"#, 3), (#""bytes": 8"#, 2), (#""characters": 0"#, 0),
      (#""characters": 1000000000000000"#, 250_000_000_000_000), (#""tokens": 9"#, 9),
      (#""tokens": null, "bytes": 4"#, 1),
    ] as [(String, Int64)])
  func lengths(members: String, expected: Int64) {
    #expect(tokens("{\(members), \"output\": 5}") == ["input": expected, "output": 5])
  }

  @Test("output that nobody said is the configured one, then what calls before put out")
  func output() throws {
    let body = #"{"agent": "a", "model": "m1", "tokens": {"input": 10}}"#
    #expect(tokens(body) == ["input": 10, "output": 300])
    #expect(try scene.post("/v1/estimate", body).text("output_source") == "default")
    for _ in 0..<100 {
      _ = scene.post(
        "/v1/usage", #"{"agent": "a", "model": "m1", "tokens": {"input": 10, "output": 100}, "requests": 1}"#)
    }
    #expect(try scene.post("/v1/estimate", body).text("output_source") == "learned")
    let learned = try #require(tokens(body)["output"])
    #expect((100...120).contains(learned), "\(learned)")
    #expect(tokens(#"{"agent": "a", "model": "m1", "output": 7}"#)["output"] == 7)
  }

  @Test("B15-16: a model without a price costs the fallback and says so")
  func fallback() {
    let answer = scene.post("/v1/estimate", #"{"model": "nobody-knows", "tokens": {"input": 1000000, "output": 0}}"#)
    #expect(answer.member("cost_usd")?.asString == "5")
    #expect(answer.member("price", "estimated")?.asBool == true)
    #expect(answer.member("price", "matched_by")?.asString == "fallback")
  }

  @Test("D2-4: asking changes nothing, and no budget is asked")
  func noSideEffect() {
    let before = scene.get("/v1/status").string
    #expect(scene.post("/v1/estimate", #"{"agent": "a", "tokens": {"input": 5000}}"#).status == 200)
    #expect(scene.get("/v1/status").string == before)
    #expect(scene.events.told.isEmpty)
  }

  @Test(
    "a body names the member that is wrong",
    arguments: [
      ("[]", nil), ("", nil), (#"{"texts": "a"}"#, "texts"), (#"{"text": 5}"#, "text"), (#"{"bytes": "5"}"#, "bytes"),
      (#"{"bytes": -1}"#, "bytes"), (#"{"characters": 1.5}"#, "characters"), (#"{"characters": 1e19}"#, "characters"),
      (#"{"characters": 1000000000000001}"#, "characters"), (#"{"text": "a", "bytes": 1}"#, "text"),
      (#"{"tokens": 5, "text": "a"}"#, "text"), (#"{"tokens": {"output": 5}, "output": 5}"#, "output"),
      (#"{"output": -5}"#, "output"), (#"{"tokens": -5}"#, "tokens"), (#"{"cost_usd": "x"}"#, "cost_usd"),
      (#"{"tags": {"agent": 1.5e3}, "tags2": 1}"#, "tags2"),
    ] as [(String, String?)])
  func badBodies(body: String, member: String?) {
    let answer = scene.post("/v1/estimate", body)
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member, "\(answer.string)")
  }

  @Test("another method is 405", arguments: [HTTPMethod.get, .put, .delete])
  func methods(method: HTTPMethod) {
    let answer = scene.send(method, "/v1/estimate")
    #expect(answer.isProblem(405, "about:blank"))
    #expect(answer.headers["allow"] == "OPTIONS, POST")
  }
}
