import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("Bodies that are refused")
struct BadBodyTests {
  /// Bodies of a request to spend, and the member that the refusal names.
  private static let spends: [(String, String?)] = [
    ("", nil), ("null", nil), ("[]", nil), ("1", nil), ("{", nil), ("{}x", nil), (#"{"tokens": 1, "tokens": 2}"#, nil),
    (#"{"tokens": 01}"#, nil), (#"{"tokens": NaN}"#, nil), (#"{"agent": "\#u{FEFF}"#, nil),
    (#"{"tokenz": 1}"#, "tokenz"), (#"{"max_tokens": 5}"#, "max_tokens"), (#"{"reservation": "x"}"#, "reservation"),
    (#"{"tokens": -1}"#, "tokens"), (#"{"tokens": 0.5}"#, "tokens"), (#"{"tokens": "5"}"#, "tokens"),
    (#"{"tokens": 1e400}"#, "tokens"), (#"{"tokens": 99999999999999999999999999}"#, "tokens"),
    (#"{"tokens": 1000000000000001}"#, "tokens"), (#"{"tokens": 9223372036854775808}"#, "tokens"),
    (#"{"tokens": [1]}"#, "tokens"), (#"{"tokens": {"input": -1}}"#, "tokens.input"),
    (#"{"tokens": {"input": 1e19}}"#, "tokens.input"), (#"{"tokens": {"": 1}}"#, "tokens"),
    (#"{"tokens": {"input": true}}"#, "tokens.input"),
    (#"{"cost_usd": -0.01}"#, "cost_usd"), (#"{"cost_usd": "1e400"}"#, "cost_usd"),
    (#"{"cost_usd": "NaN"}"#, "cost_usd"),
    (#"{"cost_usd": "0x10"}"#, "cost_usd"), (#"{"cost_usd": "9000001"}"#, "cost_usd"),
    (#"{"cost_usd": true}"#, "cost_usd"),
    (#"{"cost_usd": "$1"}"#, "cost_usd"), (#"{"cost_usd": ""}"#, "cost_usd"),
    (#"{"requests": -1}"#, "requests"), (#"{"requests": 1.5}"#, "requests"), (#"{"requests": {}}"#, "requests"),
    (#"{"partial": 1}"#, "partial"), (#"{"partial": "yes"}"#, "partial"),
    (#"{"tags": "a"}"#, "tags"), (#"{"tags": ["a"]}"#, "tags"), (#"{"tags": {"agent": {}}}"#, "tags.agent"),
    (#"{"agent": []}"#, "agent"), (#"{"tags": {"": "a"}}"#, "tags."),
  ]

  @Test("a request to spend names the member that is wrong", arguments: ["/v1/check", "/v1/reservations"], spends)
  func spend(path: String, body: (text: String, member: String?)) {
    let scene = ControlScene([.test(limit: nil, per: [])])
    let answer = scene.post(path, body.text)
    #expect(answer.isProblem(400, "invalid-request"), "\(body.text): \(answer.string)")
    #expect(answer.member("member")?.asString == body.member, "\(body.text): \(answer.string)")
    #expect(scene.account("daily") == "used 0, reserved 0")
  }

  @Test(
    "a settle names the member that is wrong, and the hold stays",
    arguments: [
      ("[]", nil), ("{", nil), (#"{"tags": {"agent": "b"}}"#, "tags"), (#"{"id": "x"}"#, "id"),
      (#"{"tokens": -1}"#, "tokens"), (#"{"tokens": 1e400}"#, "tokens"), (#"{"cost_usd": "x"}"#, "cost_usd"),
    ] as [(String, String?)])
  func settle(body: String, member: String?) throws {
    let scene = ControlScene([.test(limit: 100)])
    let id = try scene.reserve(10)
    let answer = scene.post("/v1/reservations/\(id)/settle", body)
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member)
    #expect(scene.account("daily", ["agent": "a"]) == "used 0, reserved 10")
  }

  @Test(
    "usage names the member that is wrong and counts nothing",
    arguments: [
      ("", nil), ("5", nil), ("{}", "tokens"), (#"{"agent": "a"}"#, "tokens"), (#"{"tokens": -1}"#, "tokens"),
      (#"{"tokens": 1, "id": ""}"#, "id"), (#"{"tokens": 1, "id": 5}"#, "id"),
      (#"{"tokens": 1, "duration_ms": -1}"#, "duration_ms"), (#"{"tokens": 1, "duration_ms": 1e300}"#, "duration_ms"),
      (#"{"usage": 5}"#, "usage"), (#"{"usage": {"prompt_tokens": -1}}"#, "usage.prompt_tokens"),
      (#"[{"tokens": 1}, {"tokens": -1}]"#, "[1].tokens"), (#"[{"tokens": 1}, 7]"#, "[1]"),
      (#"[{"tokens": 1}, {"tags": {"agent": []}, "tokens": 1}]"#, "[1].tags.agent"), ("[{}]", "[0].tokens"),
    ] as [(String, String?)])
  func usage(body: String, member: String?) {
    let scene = ControlScene([.test(limit: 100, per: [])])
    let answer = scene.post("/v1/usage", body)
    #expect(answer.isProblem(400, "invalid-request"), "\(answer.string)")
    #expect(answer.member("member")?.asString == member, "\(answer.string)")
    #expect(scene.account("daily") == "used 0, reserved 0")
  }

  @Test("a refusal repeats at most a short piece of what was sent")
  func longNames() {
    let name = String(repeating: "x", count: 100_000)
    let answer = ControlScene().post("/v1/check", #"{"\#(name)": 1}"#)
    #expect(answer.isProblem(400, "invalid-request"))
    #expect(answer.body.count < 1000)
  }

  @Test(
    "what was sent cannot break out of the refusal's JSON",
    arguments: [#"\"}"#, #"\u0000\n\\"#, "é\u{2028}", #"\ud83d\ude00"#])
  func hostileNames(name: String) {
    #expect(ControlScene().post("/v1/check", #"{"\#(name)": 1}"#).isProblem(400, "invalid-request"))
  }
}
