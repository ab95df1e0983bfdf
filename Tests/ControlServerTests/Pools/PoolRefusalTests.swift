import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("Allocations that are refused")
struct PoolRefusalTests {
  private let scene = ControlScene(isOperator: true) { settings in
    settings.pools = [Pool(name: "context", tokens: 128_000), Pool(name: "small", tokens: 10_000)]
    settings.bounds.maxAllocations = 2
  }

  @Test(
    "a request names the member that is wrong",
    arguments: [
      ("", nil), ("[]", nil), ("{}", "pool"), (#"{"pool": "context"}"#, "agent"), (#"{"agent": "a"}"#, "pool"),
      (#"{"pool": "", "agent": "a"}"#, "pool"), (#"{"pool": "context", "agent": ""}"#, "agent"),
      (#"{"pool": 5, "agent": "a"}"#, "pool"), (#"{"pool": "context", "agent": null}"#, "agent"),
      (#"{"pool": "context", "agent": "a", "task": 5}"#, "task"),
      (#"{"pool": "context", "agent": "a", "priority": "urgent"}"#, "priority"),
      (#"{"pool": "context", "agent": "a", "priority": 1}"#, "priority"),
      (#"{"pool": "context", "agent": "a", "max_tokens": -1}"#, "max_tokens"),
      (#"{"pool": "context", "agent": "a", "max_tokens": 0.5}"#, "max_tokens"),
      (#"{"pool": "context", "agent": "a", "max_tokens": 1e400}"#, "max_tokens"),
      (#"{"pool": "context", "agent": "a", "max_tokens": "5"}"#, "max_tokens"),
      (#"{"pool": "context", "agent": "a", "ttl": "0s"}"#, "ttl"),
      (#"{"pool": "context", "agent": "a", "ttl": "32d"}"#, "ttl"),
      (#"{"pool": "context", "agent": "a", "ttl": 5}"#, "ttl"),
      (#"{"pool": "context", "agent": "a", "tokens": 5}"#, "tokens"),
    ] as [(String, String?)])
  func allocate(body: String, member: String?) {
    let answer = scene.post("/v1/allocations", body)
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member, "\(answer.string)")
    #expect(!scene.get("/v1/allocations").string.contains(#""agent":"#))
  }

  @Test("names longer than 256 bytes are refused", arguments: ["pool", "agent", "task"])
  func longNames(member: String) {
    let long = String(repeating: "x", count: 257)
    let members = ["pool", "agent", "task"].map { #""\#($0)": "\#($0 == member ? long : "context")""# }
    let answer = scene.post("/v1/allocations", "{\(members.joined(separator: ","))}")
    #expect(answer.isProblem(400, "invalid-request"))
    #expect(answer.member("member")?.asString == member)
  }

  @Test(
    "so does use, and nothing is counted",
    arguments: [
      ("", nil), ("{}", nil), ("[]", nil), ("5", nil), (#"{"lookup": -1}"#, "lookup"),
      (#"{"reasoning": 0.5}"#, "reasoning"),
      (#"{"tokens": 1e400}"#, "tokens"), (#"{"tokens": "5"}"#, "tokens"), (#"{"input": 5}"#, "input"),
      (#"{"lookup": 5, "tokens": 9223372036854775808}"#, "tokens"),
    ] as [(String, String?)])
  func use(body: String, member: String?) throws {
    let id = try scene.post("/v1/allocations", #"{"pool": "context", "agent": "a"}"#).text("id")
    let answer = scene.post("/v1/allocations/\(id)/usage", body)
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member, "\(answer.string)")
    #expect(scene.get("/v1/allocations/\(id)").member("used")?.asInt64 == 0)
  }

  @Test(
    "a top-up names the member that is wrong",
    arguments: [
      ("{}", "tokens"), (#"{"tokens": 0}"#, "tokens"), (#"{"tokens": -1}"#, "tokens"), (#"{"tokens": "5"}"#, "tokens"),
      (#"{"tokens": 1000000000000000001}"#, "tokens"), (#"{"tokens": 5, "allocation": -1}"#, "allocation"),
      (#"{"tokens": 5, "allocation": "1"}"#, "allocation"), (#"{"tokens": 5, "amount": 5}"#, "amount"),
    ])
  func topUp(body: String, member: String) {
    let answer = scene.post("/v1/pools/context/top-up", body)
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member, "\(answer.string)")
    #expect(scene.get("/v1/allocations").member("pools")?.asArray?.first?.asObject?["tokens"]?.asInt64 == 128_000)
  }

  @Test("D20: pools and allocations that are not there are 404; a pool's answer names those there are")
  func unknown() throws {
    let answers = [
      scene.post("/v1/allocations", #"{"pool": "none", "agent": "a"}"#), scene.get("/v1/allocations", ["pool": "none"]),
      scene.post("/v1/pools/none/top-up", #"{"tokens": 5}"#),
    ]
    for answer in answers {
      #expect(answer.isProblem(404, "unknown-pool"))
      #expect(try answer.text("detail") == "No pool is named none. There are context, small.")
    }
    let other = "0123456789abcdef0123456789abcdef"
    for id in ["x", "1", other, other + "0", "%20", "g123456789abcdef0123456789abcdef"] {
      #expect(scene.get("/v1/allocations/\(id)").isProblem(404, "unknown-allocation"), "\(id)")
      #expect(scene.delete("/v1/allocations/\(id)").isProblem(404, "unknown-allocation"))
      #expect(scene.post("/v1/allocations/\(id)/usage", #"{"tokens": 1}"#).isProblem(404, "unknown-allocation"))
    }
    #expect(
      scene.post("/v1/pools/context/top-up", #"{"tokens": 5, "allocation": 77}"#).isProblem(404, "unknown-allocation"))
  }

  @Test("whoever knows the number and not the secret can do nothing with it")
  func secret() throws {
    let id = try scene.post("/v1/allocations", #"{"pool": "context", "agent": "a"}"#).text("id")
    let guessed = String(id.prefix(16)) + (id.hasSuffix("0123456789abcdef") ? "1" : "0") + "123456789abcdef"
    #expect(scene.delete("/v1/allocations/\(guessed)").isProblem(404, "unknown-allocation"))
    #expect(scene.get("/v1/allocations/\(id)").status == 200)
  }

  @Test("as many allocations as the bounds allow, and not one more")
  func full() {
    let body = #"{"pool": "context", "agent": "a", "max_tokens": 1}"#
    for _ in 0..<2 { #expect(scene.post("/v1/allocations", body).status == 201) }
    let answer = scene.post("/v1/allocations", body)
    #expect(answer.isProblem(503, "too-many-allocations"))
    #expect(answer.headers["retry-after"] == "1")
    #expect(scene.post("/v1/allocations", #"{"pool": "small", "agent": "a"}"#).status == 201)
  }

  @Test("a parameter that means nothing is refused by name", arguments: ["pools", "Pool", "agent"])
  func parameters(name: String) {
    let answer = scene.get("/v1/allocations", [name: "context"])
    #expect(answer.isProblem(400, "invalid-request"))
    #expect(answer.member("member")?.asString == name)
  }

  @Test(
    "another method is 405 and says which there are",
    arguments: [
      (HTTPMethod.put, "/v1/allocations", "GET, HEAD, OPTIONS, POST"),
      (.post, "/v1/allocations/x", "DELETE, GET, HEAD, OPTIONS"), (.get, "/v1/allocations/x/usage", "OPTIONS, POST"),
      (.get, "/v1/pools/context/top-up", "OPTIONS, POST"),
    ])
  func methods(method: HTTPMethod, path: String, allowed: String) {
    let answer = scene.send(method, path)
    #expect(answer.isProblem(405, "about:blank"))
    #expect(answer.headers["allow"] == allowed)
  }

  @Test("only an operator tops up a pool")
  func roles() {
    let closed = ControlScene { $0.pools = [Pool(name: "context", tokens: 10)] }
    #expect(closed.post("/v1/pools/context/top-up", #"{"tokens": 5}"#).isProblem(403, "about:blank"))
    #expect(closed.get("/v1/allocations").member("pools")?.asArray?.first?.asObject?["tokens"]?.asInt64 == 10)
  }
}
