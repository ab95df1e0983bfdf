import ControlServer
import JSONText
import Testing

@Suite("Idempotency-Key")
struct IdempotencyKeyTests {
  private let scene = ControlScene([.test(limit: 1000)])

  private func post(_ body: String, key: String, type: String = "application/json") -> Answer {
    let headers = HTTPHeaders([("content-type", type), ("Idempotency-Key", key)])
    return Answer(
      scene.router.respond(
        to: HTTPRequest(method: .post, path: "/v1/usage", headers: headers, body: Array(body.utf8))))
  }

  private func counts(_ answer: Answer) -> [Int64?] {
    [answer.member("counted")?.asInt64, answer.member("duplicates")?.asInt64]
  }

  @Test("what arrives again under its key is counted once")
  func once() {
    let body = #"{"agent": "a", "tokens": 5}"#
    #expect(counts(post(body, key: "k")) == [1, 0])
    #expect(counts(post(body, key: "k")) == [0, 1])
    #expect(counts(post(body, key: "K")) == [1, 0])
    #expect(counts(post(#"{"agent": "b", "tokens": 5}"#, key: "k")) == [1, 0])
    #expect(scene.account("daily", ["agent": "a"]) == "used 10, reserved 0")
    scene.clock.advance(31 * 60)
    #expect(counts(post(body, key: "k")) == [1, 0])
  }

  @Test("in an array each object has the key and its place")
  func arrays() {
    let body = #"[{"agent": "a", "tokens": 1}, {"agent": "a", "tokens": 1}, {"agent": "a", "tokens": 1, "id": "x"}]"#
    #expect(counts(post(body, key: "k")) == [3, 0])
    #expect(counts(post(body, key: "k")) == [0, 3])
    #expect(counts(post(body, key: "l")) == [2, 1], "the id of the body goes before the key")
    #expect(counts(post(#"{"agent": "a", "tokens": 1}"#, key: "k")) == [1, 0])
  }

  @Test("an id of the body goes before the key, also as a tag")
  func bodyFirst() {
    #expect(counts(post(#"{"agent": "a", "tokens": 5, "id": "x"}"#, key: "k")) == [1, 0])
    #expect(counts(post(#"{"agent": "a", "tokens": 5, "id": "y"}"#, key: "k")) == [1, 0])
    #expect(counts(post(#"{"tags": {"agent": "a", "id": "y"}, "tokens": 5}"#, key: "l")) == [0, 1])
  }

  @Test("a key has 1 to 255 bytes, and usage lines have none", arguments: [0, 1, 255, 256])
  func lengths(count: Int) {
    let key = String(repeating: "k", count: count)
    let answer = post(#"{"agent": "a", "tokens": 5}"#, key: key)
    if (1...255).contains(count) {
      #expect(answer.status == 200)
    } else {
      #expect(answer.isProblem(400, "invalid-request"))
      #expect(answer.member("member")?.asString == "Idempotency-Key")
    }
    #expect(post("tokens:5|c|#agent:c", key: key, type: "text/plain").isProblem(400, "invalid-request"))
    #expect(scene.account("daily", ["agent": "c"]) == "used 0, reserved 0")
  }
}
