import BudgetCore
import Testing
import UsageProtocol

@Suite("Every refusal has its reason")
struct RefusalTests {
  /// Reasons found while parsing, each with a line that has it.
  static let parsed: [RejectReason: String] = [
    .missingName: ":1|c", .missingValue: "tokens|c", .missingType: "tokens:1", .unknownType: "tokens:1|q",
    .conflictingType: "tokens:1|g", .notANumber: "tokens:x|c", .negative: "tokens:-1|c", .outOfRange: "tokens:1e16|c",
    .badSampleRate: "tokens:1|c|@2", .badTimestamp: "tokens:1|c|T-1",
    .lineTooLong: "tokens:1|c|#" + String(repeating: "a", count: 65_536),
  ]

  /// Reasons found when the ledger first sees a spelling of tags, or a timestamp.
  static let counted: [RejectReason: String] = [
    .futureTimestamp: "tokens:1|c|T1760000001",
    .tooManyTags: "tokens:1|c|#" + (0...64).map { "k\($0)" }.joined(separator: ","),
    .tagTooLong: "tokens:1|c|#a:" + String(repeating: "v", count: 513), .emptyTagKey: "tokens:1|c|#:v",
  ]

  @Test("in the parser", arguments: parsed)
  func inParser(reason: RejectReason, line: String) {
    let result = Parsed("tokens:1|c\n\(line)\ntokens:1|c")
    #expect(result.rejections == [reason: 1])
    #expect(result.events.count == 2)
  }

  @Test("in the ledger", arguments: counted)
  func inLedger(reason: RejectReason, line: String) {
    var pipeline = Pipeline(SmallLedger.make())
    pipeline.count("tokens:1|c|#agent:x\n\(line)\ntokens:1|c|#agent:x")
    #expect(!pipeline.tally.hasRefusals)
    #expect(pipeline.ledger.counters[reason] == 1)
    #expect(pipeline.ledger.usage(by: "agent", in: .day, top: 1, now: SmallLedger.start)?.first?.tokens == 2)
  }

  @Test("invalid UTF-8 in a name is found by the parser, in a tag by the ledger")
  func invalidUTF8() {
    var pipeline = Pipeline(SmallLedger.make())
    pipeline.count(Array("x".utf8) + [0xFF] + Array(":1|c\ntokens:1|c|#agent:".utf8) + [0xC3, 0x28])
    #expect(pipeline.tally[.invalidUTF8] == 1)
    #expect(pipeline.ledger.counters[.invalidUTF8] == 1)
    #expect(pipeline.ledger.seriesCount == 0)
  }

  @Test("what is left is the readers' of objects")
  func complete() {
    let rest = Set(RejectReason.allCases).subtracting(Self.parsed.keys).subtracting(Self.counted.keys)
    #expect(rest == [.invalidUTF8, .badJSON, .unknownShape])
  }

  @Test("a tally has a place for every reason")
  func places() {
    var tally = LineTally()
    for reason in RejectReason.allCases { Array("x".utf8).withUnsafeBytes { tally.reject(reason, line: $0, count: 2) } }
    for reason in IgnoreReason.allCases { tally.ignore(reason) }
    var sum = LineTally()
    sum.add(tally)
    sum.add(tally)
    #expect(RejectReason.allCases.allSatisfy { sum[$0] == 4 })
    #expect(IgnoreReason.allCases.allSatisfy { sum[$0] == 2 })
    #expect(sum.hasRefusals && sum.example?.reason == .missingName)
  }
}

/// Datagrams that break another exporter each.
@Suite("Hostile datagrams")
struct HostileDatagramTests {
  @Test(
    "none of them breaks the parser, and each ends as it should",
    arguments: [
      ("q:1|h|#quantile:5", "unknown_metric"), ("x:1|c|#__name__:z", "unknown_metric"),
      ("tallygate_tokens_total:1|c", "unknown_metric"), ("poison:NaN|c", "not_a_number"),
      ("tokens:NaN|c", "not_a_number"),
      ("x:1|ms|@0.0000001", "unknown_metric"), ("duration:1|ms|@0.0000001", "counted"),
      ("tokens:1|c|@2", "bad_sample_rate"),
      ("tokens:1|c|@0.3", "counted"), ("tokens:1|g", "conflicting_type"), ("tokens:1:2:3|c", "counted"),
      ("tokens:1|c|e:it-false,cn-x,pu-1", "counted"), ("tokens:1|c|card:low", "counted"),
      ("tokens:1|c|#quantile:5,le:1,__name__:z", "counted"),
    ])
  func verdicts(line: String, verdict: String) {
    #expect(Parsed(line).verdict == verdict)
    #expect(Parsed(line).events.count <= 1)
  }

  @Test("a tiny sample rate is one observation, not ten million")
  func tinyRate() {
    #expect(
      Parsed("duration:1|ms|@0.0000001").event == Parsed.Event(kind: .duration, amount: 1_000_000, weight: 10_000_000))
  }

  @Test("reserved label names and our own metrics' names stay ours")
  func reservedNames() {
    var pipeline = Pipeline(SmallLedger.make())
    pipeline.count("tokens:1|c|#agent:x,quantile:5,le:1,__name__:z\ntallygate_tokens_total:5|c|#agent:x")
    let view = pipeline.ledger.view(now: SmallLedger.start)
    #expect(view.series.map { String(decoding: $0.labelText, as: UTF8.self) } == [#"agent="x",token_type="input""#])
    #expect(view.series[0].tokens == 1)
  }

  @Test("a packed line with an id counts all its values, once")
  func packedWithID() {
    var pipeline = Pipeline(SmallLedger.make())
    for _ in 0..<2 { pipeline.count("tokens:1:2:3|c|#agent:x,id:call-1") }
    #expect(pipeline.ledger.usage(by: "agent", in: .day, top: 1, now: SmallLedger.start)?.first?.tokens == 6)
    #expect(pipeline.ledger.counters.duplicates == 1)
  }
}

@Suite("What clients send")
struct ClientFormTests {
  @Test(
    "the plain statsd clients' lines are read as they are",
    arguments: [
      // etsy/statsd's own examples, and what Python's `statsd` writes: incr, decr, timing, gauge, set, pipelines.
      ("gorets:1|c", "unknown_metric"), ("glork:320|ms", "unknown_metric"), ("gorets:1|c|@0.1", "unknown_metric"),
      ("gaugor:333|g", "unknown_metric"), ("gaugor:-10|g", "unknown_metric"), ("gaugor:+4|g", "unknown_metric"),
      ("uniques:765|s", "unknown_metric"), ("tokens:1|c|@0.1", "counted"), ("tokens:-1|c", "negative"),
      ("duration:320.000000|ms", "counted"), ("duration:0.123457|ms|@0.5", "counted"), ("tokens:1200.0|c", "counted"),
      ("gorets:1|c\nglork:320|ms\ngaugor:333|g\nuniques:765|s", "unknown_metric"),
      // DogStatsD clients.
      ("tokens:1200|c|#agent:a|c:ci-8c0d6b|e:it-false,cn-main,pu-75a2b6d5|card:low", "counted"),
      ("duration:1.5|d|#agent:a|T1656581400", "counted"), ("tokens:5|c|T1656581400|c:in-1234", "counted"),
    ])
  func forms(line: String, verdict: String) {
    #expect(Parsed(line).verdict == verdict, "\(line)")
  }

  @Test("a bare tag is true, `kind` is the token type, and the order of tags does not matter")
  func tagMeaning() {
    var pipeline = Pipeline(SmallLedger.make())
    pipeline.count(
      "tokens:1|c|#agent:x,kind:output\ntokens:2|c|#token_type:output,,agent:x,\ntokens:4|c|#agent,kind:input")
    let view = pipeline.ledger.view(now: SmallLedger.start)
    let rows = view.series.map { "\(String(decoding: $0.labelText, as: UTF8.self)) \($0.tokens)" }
    #expect(rows == [#"agent="x",token_type="output" 3"#, #"agent="true",token_type="input" 4"#])
  }
}
