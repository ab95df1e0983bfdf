import BudgetCore
import JSONText
import Testing
import UsageProtocol

/// An object read from its text.
func usageObject(_ text: String) throws -> UsageObject { try UsageObject(JSONValue.parse(text)) }

/// What is wrong with an object; `nil` when nothing is.
func invalid(_ text: String) throws -> UsageObject.Invalid? {
  let value = try JSONValue.parse(text)
  do throws(UsageObject.Invalid) {
    _ = try UsageObject(value)
    return nil
  } catch {
    return error
  }
}

/// The tokens of a spend as `kind:count`, in their order.
func kinds(_ spend: Spend) -> [String] { spend.tokens.map { "\($0.kind.name):\($0.count)" } }

/// Tags as `key:value`, in their order.
func texts(_ tags: TagSet) -> [String] { tags.tags.map { "\($0.key):\($0.value)" } }

@Suite("Usage objects of our own shape")
struct OwnUsageObjectTests {
  @Test("every member has its meaning")
  func everything() throws {
    let object = try usageObject(
      """
      {"tags": {"agent": "a", "user": "ü", "n": 5, "on": true, "off": false, "none": null, "empty": ""},
       "tokens": {"input": 800, "output": 200, "cache_read": 0, "mine": 7, "absent": null}, "cost_usd": "0.0125",
       "requests": 2, "items": 3, "id": "call-1", "reservation": "r-1", "duration_ms": 1.5, "more": [1, 2]}
      """)
    #expect(texts(object.tags) == ["agent:a", "n:5", "off:false", "on:true", "user:ü"])
    #expect(kinds(object.spend) == ["input:800", "output:200", "cache_read:0", "mine:7"])
    #expect(object.spend.cost == 12_500_000_000)
    #expect(object.spend.requests == 2 && object.spend.items == 3)
    #expect(object.id == "call-1" && object.reservation == "r-1" && object.duration == 1_500_000)
  }

  @Test("members that are null are absent")
  func nulls() throws {
    let object = try usageObject(
      """
      {"tags": null, "agent": null, "tokens": 1, "cost_usd": null, "requests": null, "items": null, "id": null,
       "reservation": null, "duration_ms": null, "usage": null}
      """)
    #expect(object.tags == .empty && object.id == nil && object.reservation == nil && object.duration == nil)
    #expect(object.spend == Spend(tokens: [TokenAmount(kind: .input, count: 1)]))
  }

  @Test("a plain number of tokens is of the kind that the tags name, else input")
  func plainTokens() throws {
    #expect(kinds(try usageObject(#"{"tokens": 5}"#).spend) == ["input:5"])
    #expect(kinds(try usageObject(#"{"tokens": 5, "tags": {"kind": "output"}}"#).spend) == ["output:5"])
    #expect(kinds(try usageObject(#"{"tokens": 5, "tags": {"token_type": "mine"}}"#).spend) == ["mine:5"])
    #expect(kinds(try usageObject(#"{"tokens": {"input": 5}, "tags": {"kind": "output"}}"#).spend) == ["input:5"])
  }

  @Test("the well-known tags may stand beside the others, which win")
  func tagsBeside() throws {
    let object = try usageObject(
      #"{"agent": "a", "user": "b", "model": "m", "provider": "p", "session": 7, "task": "t", "step": "no", "tokens": 1, "tags": {"agent": "c", "x": "y"}}"#
    )
    #expect(texts(object.tags) == ["agent:c", "model:m", "provider:p", "session:7", "task:t", "user:b", "x:y"])
  }

  @Test("an id or reservation among the tags means what it means on a line")
  func specialTags() throws {
    let object = try usageObject(#"{"tokens": 1, "tags": {"agent": "a", "id": "x", "reservation": "r"}}"#)
    #expect(texts(object.tags) == ["agent:a"])
    #expect(object.id == "x" && object.reservation == "r")
    #expect(try usageObject(#"{"tokens": 1, "id": "y", "tags": {"id": "x"}}"#).id == "y")
  }

  @Test(
    "whole numbers may be written any way",
    arguments: [
      ("5", 5 as Int64), ("5.0", 5), ("5e2", 500), ("0", 0), ("-0", 0), ("1000000000000000", 1_000_000_000_000_000),
    ])
  func counts(text: String, count: Int64) throws {
    let object = try usageObject(#"{"tokens": {"input": \#(text)}, "requests": \#(text), "items": \#(text)}"#)
    #expect(kinds(object.spend) == ["input:\(count)"])
    #expect(object.spend.requests == count && object.spend.items == count)
  }

  @Test(
    "a cost is a decimal string or a number, exact to the picodollar, halves rounded up",
    arguments: [
      (#""0.0125""#, 12_500_000_000 as Quantity), ("0.0125", 12_500_000_000), (#""1e-12""#, 1), ("5e-13", 1),
      ("4.9e-13", 0),
      (#""9000000""#, 9_000_000_000_000_000_000), ("0", 0), (#""-0""#, 0), ("1e-400", 0),
    ])
  func costs(text: String, picodollars: Quantity) throws {
    #expect(try usageObject(#"{"cost_usd": \#(text)}"#).spend.cost == picodollars)
  }

  static let badCounts = [
    "-1", "0.5", "1e16", "1000000000000001", "9223372036854775808", "1e400", "1e-400", "1e99999999999999999999",
    #""5""#,
    "true", "[5]",
  ]

  @Test("a count that is none names its member", arguments: badCounts)
  func badCount(text: String) throws {
    #expect(try invalid(#"{"tokens": \#(text)}"#)?.member == "tokens")
    #expect(try invalid(#"{"tokens": {"output": \#(text)}}"#)?.member == "tokens.output")
    #expect(try invalid(#"{"requests": \#(text)}"#)?.member == "requests")
    #expect(try invalid(#"{"items": \#(text)}"#)?.member == "items")
  }

  @Test(
    "a wrong value names its member",
    arguments: [
      (#"[]"#, ""), ("5", ""), ("null", ""), (#""x""#, ""), ("{}", "tokens"), (#"{"id": "x"}"#, "tokens"),
      (#"{"token": 5}"#, "tokens"), (#"{"usage": null, "id": "chunk"}"#, "usage"), (#"{"usage": 5}"#, "usage"),
      (#"{"usage": {"what": 5}}"#, "usage"), (#"{"usage": {}, "tokens": null}"#, "usage"),
      (#"{"requests": {}}"#, "requests"), (#"{"tokens": {"": 1}}"#, "tokens"),
      (#"{"tokens": {"x": {"input": 1}}}"#, "tokens.x"),
      (#"{"cost_usd": "-1"}"#, "cost_usd"), (#"{"cost_usd": "NaN"}"#, "cost_usd"),
      (#"{"cost_usd": "1,5"}"#, "cost_usd"),
      (#"{"cost_usd": ""}"#, "cost_usd"), (#"{"cost_usd": true}"#, "cost_usd"),
      (#"{"cost_usd": "9000001"}"#, "cost_usd"),
      (#"{"cost_usd": 1e400}"#, "cost_usd"), (#"{"cost_usd": "0x1"}"#, "cost_usd"),
      (#"{"cost_usd": " 1"}"#, "cost_usd"),
      (#"{"tokens": 1, "id": 5}"#, "id"), (#"{"tokens": 1, "id": ""}"#, "id"),
      (#"{"tokens": 1, "reservation": []}"#, "reservation"),
      (#"{"tokens": 1, "duration_ms": -1}"#, "duration_ms"), (#"{"tokens": 1, "duration_ms": "5"}"#, "duration_ms"),
      (#"{"tokens": 1, "duration_ms": 1e13}"#, "duration_ms"), (#"{"tokens": 1, "duration_ms": 1e400}"#, "duration_ms"),
      (#"{"tokens": 1, "tags": []}"#, "tags"), (#"{"tokens": 1, "tags": "agent:a"}"#, "tags"),
      (#"{"tokens": 1, "tags": {"a": {}}}"#, "tags.a"), (#"{"tokens": 1, "tags": {"a": []}}"#, "tags.a"),
      (#"{"tokens": 1, "tags": {"": "x"}}"#, "tags."), (#"{"tokens": 1, "agent": {}}"#, "agent"),
      (#"{"tokens": 1, "session": ["s"]}"#, "session"),
    ])
  func wrongValues(text: String, member: String) throws {
    let found = try #require(try invalid(text), "\(text)")
    #expect(found.member == member, "\(text)")
    #expect(!found.problem.isEmpty)
  }

  @Test("tags, kinds and ids have their bounds")
  func bounds() throws {
    func repeated(_ count: Int) -> String { String(repeating: "x", count: count) }
    func members(_ count: Int) -> String { (0..<count).map { #""k\#($0)": 1"# }.joined(separator: ",") }
    #expect(try invalid(#"{"tokens": 1, "tags": {\#(members(64))}}"#) == nil)
    #expect(try invalid(#"{"tokens": 1, "tags": {\#(members(65))}}"#)?.member == "tags")
    #expect(try invalid(#"{"tokens": 1, "tags": {"a": "\#(repeated(512))"}}"#) == nil)
    #expect(try invalid(#"{"tokens": 1, "tags": {"a": "\#(repeated(513))"}}"#)?.member == "tags.a")
    #expect(try invalid(#"{"tokens": 1, "tags": {"\#(repeated(128))": "v"}}"#) == nil)
    #expect(try invalid(#"{"tokens": 1, "tags": {"\#(repeated(129))": "v"}}"#)?.member == "tags." + repeated(64))
    #expect(try invalid(#"{"tokens": 1, "model": "\#(repeated(513))"}"#)?.member == "model")
    #expect(try invalid(#"{"tokens": {\#(members(16))}}"#) == nil)
    #expect(try invalid(#"{"tokens": {\#(members(17))}}"#)?.member == "tokens")
    #expect(try invalid(#"{"tokens": {"\#(repeated(64))": 1}}"#) == nil)
    #expect(try invalid(#"{"tokens": {"\#(repeated(65))": 1}}"#)?.member == "tokens")
    #expect(try invalid(#"{"tokens": 1, "id": "\#(repeated(256))"}"#) == nil)
    #expect(try invalid(#"{"tokens": 1, "id": "\#(repeated(257))"}"#)?.member == "id")
  }
}
