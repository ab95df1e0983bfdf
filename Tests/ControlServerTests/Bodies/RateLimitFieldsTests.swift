import BudgetCore
import Testing

@testable import ControlServer

@Suite("RateLimit fields")
struct RateLimitFieldsTests {
  @Test("a denial names each breached policy: quota, unit, window and partition, what is left and for how long")
  func denial() {
    let scene = ControlScene([
      .test(limit: 1000), .test("money", limit: 2_500_000_000_000, unit: .cost, per: [], window: .fixed(.hours(1))),
      .test("calls", limit: 1, unit: .requests, per: ["agent", "user"], window: .rolling(.minutes(1))),
      .test("wide", limit: 1_000_000),
    ])
    let tags = #""tags": {"agent": "a", "user": "u"}"#
    _ = scene.post("/v1/usage", "{\(tags), \"tokens\": 900, \"requests\": 1, \"cost_usd\": \"2.4999999\"}")
    let answer = scene.post("/v1/check", "{\(tags), \"tokens\": 101, \"requests\": 1, \"cost_usd\": \"0.0000002\"}")
    #expect(answer.status == 429)
    // base64 of "agent=a" and "agent=a,user=u"
    #expect(
      answer.headers.all("ratelimit-policy") == [
        #""money:cost_usd";q=2500000;qu="micro-usd";w=3600, "calls:requests";q=1;w=60;pk=:YWdlbnQ9YSx1c2VyPXU=:, "#
          + #""daily:tokens";q=1000;qu="tokens";w=86400;pk=:YWdlbnQ9YQ==:"#
      ])
    let wait = answer.headers["retry-after"] ?? "none"
    #expect(wait == "43200")
    #expect(
      answer.headers.all("ratelimit") == [
        #""money:cost_usd";r=0;t=3600, "calls:requests";r=0;t=61;pk=:YWdlbnQ9YSx1c2VyPXU=:, "#
          + #""daily:tokens";r=100;t=43200;pk=:YWdlbnQ9YQ==:"#
      ])
  }

  @Test("no time is promised when waiting does not help, and a lifetime has no window")
  func lifetime() {
    let scene = ControlScene([.test("all", limit: 10, per: [], window: .lifetime(idleExpiry: nil))])
    let answer = scene.post("/v1/check", #"{"tokens": 11}"#)
    #expect(answer.headers["ratelimit-policy"] == #""all:tokens";q=10;qu="tokens""#)
    #expect(answer.headers["ratelimit"] == #""all:tokens";r=10"#)
    #expect(answer.headers["retry-after"] == nil)
  }

  @Test("a pool that has nothing left says so in the same fields")
  func pool() {
    let scene = ControlScene { $0.pools = [Pool(name: "context", tokens: 100)] }
    #expect(scene.post("/v1/allocations", #"{"pool": "context", "agent": "a", "priority": "critical"}"#).status == 201)
    let answer = scene.post("/v1/allocations", #"{"pool": "context", "agent": "b"}"#)
    #expect(answer.status == 429)
    #expect(answer.headers["ratelimit-policy"] == #""context:tokens";q=100;qu="tokens""#)
    #expect(answer.headers["ratelimit"] == #""context:tokens";r=0"#)
  }

  @Test("a name keeps to what a structured field may hold, a number to fifteen digits")
  func bounds() {
    var limits = RateLimitFields()
    limits.add("a\"b\\c\u{e9}\r\n:x", .tokens, quota: Quantity(Int64.max), available: -5, wait: .seconds(0))
    #expect(limits.fields[0].1 == #""a\"b\\c___:x";q=999999999999999;qu="tokens""#)
    #expect(limits.fields[1].1 == #""a\"b\\c___:x";r=0;t=1"#)
  }

  @Test("there are at most eight policies, and none without a budget")
  func most() {
    var limits = RateLimitFields()
    #expect(limits.fields.isEmpty)
    for number in 1...20 { limits.add("p\(number)", .requests, quota: 1, available: 1, wait: nil) }
    #expect(limits.fields[0].1.split(separator: ",").count == RateLimitFields.mostPolicies)
    #expect(limits.fields[1].1.hasSuffix(#""p8";r=1"#))
  }

  @Test("what is granted has no such fields: they are for denials")
  func granted() {
    let answer = ControlScene([.test(limit: 1000)]).post("/v1/check", #"{"agent": "a", "tokens": 1}"#)
    #expect(answer.headers["ratelimit"] == nil && answer.headers["ratelimit-policy"] == nil)
  }
}

@Suite("Base64")
struct Base64Tests {
  @Test(
    "the vectors of RFC 4648, both ways",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func vectors(plain: String, encoded: String) {
    #expect(Base64.encode(plain.utf8) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test("every byte comes back")
  func everyByte() {
    let bytes = (0...255).map { UInt8($0) }
    for count in 0...255 { #expect(Base64.decode(Base64.encode(bytes[..<count])) == Array(bytes[..<count])) }
  }

  @Test(
    "what nobody encodes is refused",
    arguments: ["Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "=", "====", "Zm 9v", "Zm-_", "Zm9v\n"])
  func malformed(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
