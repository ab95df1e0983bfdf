import BudgetCore
import Testing
import UsageProtocol

@Suite("The grammar of a usage line")
struct LineGrammarTests {
  @Test(
    "five names are counted, each as its kind",
    arguments: [
      ("tokens:7|c", UsageEvent.Kind.tokens), ("requests:7|c", .requests), ("items:7|c", .items),
      ("duration:7|ms", .duration), ("duration:7|h", .duration), ("duration:7|d", .duration), ("cost:7|c", .cost),
    ])
  func names(line: String, kind: UsageEvent.Kind) {
    #expect(Parsed(line).event?.kind == kind)
    #expect(Parsed(line).verdict == "counted")
  }

  @Test(
    "every other name is ignored and counted, if the line is in order",
    arguments: [
      "token:1|c", "tokens_:1|c", "Tokens:1|c", " tokens:1|c", "tokens :1|c", "costs:1|c", "cost.usd:1|c", "x:1|c",
      "app.users:42|s", "app.users:any text|s", "app.temperature:-3.5|g", "app.temperature:+3|g", "app.time:1:2:3|d",
      "größe:1|c", "a/b.c:1|c", "x:::1::|h", "duratio:1|ms", "durations:1|ms",
    ])
  func otherNames(line: String) {
    #expect(Parsed(line).verdict == "unknown_metric", "\(line)")
  }

  @Test(
    "a name has one type",
    arguments: ["tokens", "requests", "items", "cost"].flatMap { name in
      ["g", "ms", "h", "d", "s"].map { "\(name):1|\($0)" }
    } + ["duration:1|c", "duration:1|g", "duration:1|s"])
  func conflictingTypes(line: String) {
    #expect(Parsed(line).verdict == "conflicting_type", "\(line)")
  }

  @Test(
    "a type that nobody knows is refused",
    arguments: [
      "tokens:1|C", "tokens:1|cc", "tokens:1|c ", "tokens:1|m", "tokens:1|mss", "x:1|q", "tokens:1|c:2|c", "x:1| c",
    ])
  func unknownTypes(line: String) {
    #expect(Parsed(line).verdict == "unknown_type", "\(line)")
  }

  @Test(
    "what is missing is named",
    arguments: [
      ("tokens:1", "missing_type"), ("tokens:1|", "missing_type"), ("tokens:1||c", "missing_type"),
      ("tokens:1||#agent:a", "missing_type"), ("tokens:", "missing_type"), ("tokens:x", "missing_type"),
      ("tokens", "missing_value"), ("tokens|c", "missing_value"), ("tokens:|c", "missing_value"),
      ("tokens::|c", "missing_value"), ("tokens::::|c|@0.5", "missing_value"), ("duration::|ms", "missing_value"),
      ("x:|c", "missing_value"), ("x:|g", "missing_value"), ("tokens|c|#agent:a", "missing_value"),
      ("x|c|#agent:a", "missing_value"), ("nonsense", "missing_value"), ("|", "missing_value"),
      (":1|c", "missing_name"), (":", "missing_name"), ("::|c", "missing_name"),
    ])
  func missingParts(line: String, verdict: String) {
    #expect(Parsed(line).verdict == verdict, "\(line)")
  }

  @Test(
    "events and service checks are recognised and counted, never errors",
    arguments: [
      ("_e{5,4}:title|text", "event"), ("_e{5,4}:title|text|d:1|h:host|p:low|t:error|#a:b", "event"), ("_e{", "event"),
      ("_e{x", "event"), ("_sc|name|0", "service_check"), ("_sc|Redis|2|d:1|h:x|#env:dev|m:timed out", "service_check"),
      ("_sc|", "service_check"), ("_sc:1|c", "unknown_metric"), ("_e:1|c", "unknown_metric"), ("_e", "missing_value"),
    ])
  func eventsAndChecks(line: String, verdict: String) {
    #expect(Parsed(line).verdict == verdict, "\(line)")
  }

  @Test(
    "tags are handed on as they were written",
    arguments: [
      ("tokens:1|c", ""), ("tokens:1|c|#", ""), ("tokens:1|c|#agent:a", "agent:a"), ("tokens:1|c|#a,b:c,d", "a,b:c,d"),
      ("tokens:1|c|#a:b:c:d", "a:b:c:d"), ("tokens:1|c|#,,", ",,"), ("tokens:1|c|#a:b c", "a:b c"),
      ("tokens:1|c|#ünï:çødé", "ünï:çødé"), ("tokens:1|c|##a:b", "#a:b"), ("tokens:1|c|#@0.5", "@0.5"),
      // Several sections: the later counts.
      ("tokens:1|c|#a:b|#c:d", "c:d"), ("tokens:1|c|#a:b|@1|#c:d", "c:d"),
    ])
  func tags(line: String, tags: String) {
    let parsed = Parsed(line)
    #expect(parsed.event?.tags == tags)
    #expect(parsed.areHashesRight)
  }

  static let fieldCases = [
    "@0.5", "#agent:a,user:b", "T1700000000", "c:in-1234", "e:it-false,cn-x", "card:low", "zzz", "",
  ]

  @Test("fields come in any order, and unknown ones are passed over")
  func fieldOrder() {
    var random = SeededGenerator(seed: 7)
    let expected = Parsed.Event(kind: .tokens, amount: 20, timestamp: 1_700_000_000, tags: "agent:a,user:b")
    for _ in 0..<200 {
      let line = "tokens:10|c|" + Self.fieldCases.shuffled(using: &random).joined(separator: "|")
      #expect(Parsed(line).event == expected, "\(line)")
    }
  }

  @Test("an unknown field before the type is not a type", arguments: ["tokens:1|#a:b|c", "tokens:1|@1|c"])
  func fieldsBeforeType(line: String) {
    #expect(Parsed(line).verdict == "unknown_type")
  }

  @Test(
    "a timestamp is in whole seconds",
    arguments: [
      ("T0", 0 as Int64?), ("T1", 1), ("T1700000000", 1_700_000_000), ("T000000000017", 17),
      ("T999999999999", 999_999_999_999), ("T9999999999999", nil), ("T", nil), ("T-1", nil), ("T+1", nil),
      ("T1.5", nil),
      ("T1e9", nil), ("Tnow", nil), ("T 1", nil), ("T0x10", nil),
    ])
  func timestamps(field: String, seconds: Int64?) {
    let parsed = Parsed("tokens:1|c|\(field)")
    #expect(parsed.event?.timestamp == seconds)
    #expect(parsed.verdict == (seconds == nil ? "bad_timestamp" : "counted"))
  }

  @Test("an invalid name is refused, whatever its metric would have been")
  func invalidName() {
    #expect(Parsed(Array("x".utf8) + [0xFF] + Array(":1|c".utf8)).verdict == "invalid_utf8")
    #expect(Parsed([0xC3] + Array(":1|c".utf8)).verdict == "invalid_utf8")
  }
}
