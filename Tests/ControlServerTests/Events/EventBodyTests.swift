import JSONText
import Testing

@testable import BudgetCore
@testable import ControlServer

@Suite("Bodies of events")
struct EventBodyTests {
  private func text(_ event: LedgerEvent) -> String {
    String(decoding: EventBody.entry(of: event).lines, as: UTF8.self)
  }

  private func data(_ event: LedgerEvent) throws -> JSONValue {
    let line = try #require(text(event).split(separator: "\n" as Character).last)
    return try json(String(line.dropFirst("data: ".count)))
  }

  @Test("D9-11: an event tells its kind, budget, tags, use, limit, ratio and time")
  func members() throws {
    let event = LedgerEvent.test(.warn, tags: [Tag(key: "agent", value: "a")])
    let expected = try json(
      """
      {"kind": "warn", "budget": "daily", "unit": "tokens", "tags": {"agent": "a"}, "used": 800, "limit": 1000,
       "used_ratio": 0.8, "time": "2025-06-16T12:00:00Z"}
      """)
    #expect(try data(event) == expected, "\(text(event))")
    #expect(text(event).hasPrefix("event: warn\ndata: {"))
    #expect(text(event).hasSuffix("}\n\n"))
  }

  @Test("B22: a runaway tells whose it is, what there was too much of, and what was done; an anomaly how far it is off")
  func activities() throws {
    let runaway = LedgerEvent.activity(
      .runaway(
        Runaway(
          subject: Tag(key: "task", value: "t"), cause: .repeats, count: 12, limit: 10, action: .stop, at: noon)))
    #expect(
      try data(runaway)
        == json(
          """
          {"kind": "runaway", "subject": {"task": "t"}, "cause": "repeats", "count": 12, "limit": 10,
           "action": "stop", "time": "2025-06-16T12:00:00Z"}
          """))
    #expect(text(runaway).hasPrefix("event: runaway\ndata: {"))
    var model = CostModel()
    for _ in 0..<20 { model.learn(1_000_000_000) }
    let score = try #require(model.score(of: 10_000_000_000))
    let anomaly = LedgerEvent.activity(.anomaly(CostAnomaly(agent: "a", score: score, at: noon)))
    #expect(
      try data(anomaly)
        == json(
          """
          {"kind": "anomaly", "subject": {"agent": "a"}, "score": 9.21, "cost_usd": "0.01", "typical_usd": "0.001",
           "time": "2025-06-16T12:00:00Z"}
          """))
  }

  @Test("D9-11: dollars are decimal strings; without a limit there is no ratio; a limit of 0 is full")
  func amounts() throws {
    let dollars = try data(.test(.exceeded, unit: .cost, used: 2_500_000_000_000, limit: 2_000_000_000_000))
    #expect(dollars.asObject?["used"]?.asString == "2.5")
    #expect(dollars.asObject?["limit"]?.asString == "2")
    #expect(dollars.asObject?["used_ratio"]?.asNumber?.double == 1.25)
    let free = try data(.test(.resume, limit: nil))
    #expect(free.asObject?["limit"] == .null)
    #expect(free.asObject?["used_ratio"] == .null)
    #expect(try data(.test(limit: 0)).asObject?["used_ratio"]?.asNumber?.double == 1)
  }

  @Test("A17: an allocation's event is named by its signal")
  func signal() throws {
    var budgetEvent = try #require(LedgerEvent.test(.exhausted, "context").budgetEvent)
    budgetEvent.signal = .stop
    let event = LedgerEvent.budget(budgetEvent)
    #expect(text(event).hasPrefix("event: stop\n"))
    #expect(try data(event).asObject?["kind"]?.asString == "stop")
    #expect(try data(event).asObject?["signal"]?.asString == "stop")
  }

  @Test("a subject's event says who, and why")
  func subject() throws {
    let event = LedgerEvent.test(.stop, subject: Tag(key: "agent", value: "a"), reason: "it loops")
    let expected = try json(
      #"{"kind": "stop", "subject": {"agent": "a"}, "reason": "it loops", "time": "2025-06-16T12:00:00Z"}"#)
    #expect(try data(event) == expected)
    #expect(text(event).hasPrefix("event: stop\n"))
  }

  @Test(
    "no tag breaks out of its line",
    arguments: ["a\nevent: stop", "a\r\n\r\ndata: {}", "\u{0}\u{1F}\u{7F}", "\u{2028}\u{85}", #"\"}"#])
  func hostile(value: String) throws {
    let event = LedgerEvent.test(tags: [Tag(key: "agent\n", value: value)])
    #expect(text(event).utf8.count { $0 == UInt8(ascii: "\n") } == 3)
    #expect(!text(event).utf8.contains(UInt8(ascii: "\r")))
    #expect(try data(event).asObject?["tags"]?.asObject?["agent\n"]?.asString == value)
  }

  @Test("filters are read from repeated parameters and comma lists")
  func filters() throws {
    var settings = LedgerSettings()
    settings.budgets = [.test("a", limit: 1), .test("b", limit: 1)]
    settings.pools = [Pool(name: "context", tokens: 5)]
    let query = QueryParameters(["budget": "a,context", "kind": "warn,stop", "budget": "b", "last_event_id": "5"])
    let filter = try EventFilter(query, settings: settings)
    #expect(filter == EventFilter(budgets: ["a", "b", "context"], kinds: ["warn", "stop"]))
    #expect(try EventFilter(QueryParameters(), settings: settings) == EventFilter())
  }
}
