import BudgetCore
import Reports
import Testing

@Suite("Reports")
struct ReportTests {
  static let dollar = Money.picodollarsPerDollar
  static let rows = [
    UsageRow(name: "search", model: "openai/gpt-4o", tokenType: "input", tokens: 1_000, cost: dollar),
    UsageRow(name: "search", model: "openai/gpt-4o", tokenType: "output", tokens: 200, cost: 2 * dollar),
    UsageRow(name: "search", model: "openai/gpt-4o", requests: 7),
    UsageRow(name: "a,\"b\"", model: "x", tokenType: "cache_read", tokens: 50, cost: 5 * dollar),
  ]

  @Test("lines are sums by value, the most expensive first, and add up to the total")
  func sums() {
    let report = UsageReport(tag: "team", rows: Self.rows)
    #expect(report.lines.map(\.name) == ["a,\"b\"", "search"])
    let search = report.lines[1]
    #expect([search.tokens, search.input, search.output, search.cached, search.requests] == [1_200, 1_000, 200, 0, 7])
    #expect(search.cost == 3 * Self.dollar)
    #expect(report.total.tokens == 1_250)
    #expect(report.total.cost == 8 * Self.dollar)
  }

  @Test("what came since an earlier reading is the difference; counters that began anew count whole")
  func difference() {
    var later = Self.rows
    later[0].tokens += 10
    later[0].cost += 1
    later[1].tokens = 3
    later[1].cost = 4
    later.append(UsageRow(name: "new", tokens: 1))
    let since = later.since(Self.rows)
    #expect(since.map(\.name) == ["search", "search", "new"])
    #expect(since.map(\.tokens) == [10, 3, 1])
    #expect(since.map(\.cost) == [1, 4, 0])
    #expect(Self.rows.since(Self.rows).isEmpty)
  }

  @Test("C22: CSV has a line for each value, model and kind, quoted where it must be")
  func csv() {
    let lines = UsageReport(tag: "team", rows: Self.rows).csv.split(separator: "\r\n")
    #expect(
      lines == [
        "team,model,token_type,tokens,cost_usd,requests", "\"a,\"\"b\"\"\",x,cache_read,50,5,0",
        "search,openai/gpt-4o,,0,0,7", "search,openai/gpt-4o,input,1000,1,0", "search,openai/gpt-4o,output,200,2,0",
      ])
  }

  @Test("a value that a spreadsheet would run is text", arguments: ["=1+1", "+1", "@x", "-x", "\tx"])
  func formulas(text: String) { #expect(CSVText.line([text]).contains("'" + text)) }

  @Test("C22: FOCUS charges have every mandatory column, whole months of billing, and the tag")
  func focus() throws {
    let start = Instant(seconds: CivilDate(year: 2026, month: 11, day: 3).daysSinceEpoch * 86_400)
    let end = Instant(seconds: CivilDate(year: 2026, month: 12, day: 1).daysSinceEpoch * 86_400)
    let report = UsageReport(tag: "team", rows: Self.rows.filter { $0.name == "search" })
    let lines = FocusExport(report, from: start, to: end, billingAccount: "acme").csv.split(separator: "\r\n")
    let columns = lines[0].split(separator: ",").map(String.init)
    #expect(columns == FocusExport.columns)
    // FOCUS 1.2, section 2: feature level "Mandatory".
    let mandatory = [
      "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
      "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd",
      "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
      "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
    ]
    #expect(mandatory.allSatisfy { columns.contains($0) })
    // Requests cost nothing by themselves: two charges are left.
    #expect(lines.count == 3)
    #expect(
      lines[1] == "1,acme,acme,USD,2026-12-01T00:00:00Z,2026-11-01T00:00:00Z,Usage,,input tokens of openai/gpt-4o,"
        + "2026-12-01T00:00:00Z,2026-11-03T00:00:00Z,1000,Tokens,1,1,openai,1,1000,Tokens,openai,openai,"
        + "AI and Machine Learning,openai/gpt-4o,openai/gpt-4o/input,\"{\"\"team\"\":\"\"search\"\"}\",input")
  }
}

@Suite("Anti-patterns")
struct AntiPatternTests {
  private func kinds(_ rows: [UsageRow], limited: Set<String> = ["a", "b"]) -> [AntiPattern.Kind] {
    AntiPattern.find(in: rows, limited: limited).map(\.kind)
  }

  private func input(_ name: String, _ tokens: Int64, model: String = "m") -> UsageRow {
    UsageRow(name: name, model: model, tokenType: "input", tokens: tokens)
  }

  private func output(_ name: String) -> UsageRow {
    UsageRow(name: name, model: "n", tokenType: "output", tokens: 1)
  }

  @Test("B43: agents without a limit of their own are named")
  func unlimited() throws {
    let found = AntiPattern.find(in: [input("a", 1), input("c", 1)], limited: ["a"])
    #expect(found.map(\.kind) == [.unlimitedAgents])
    #expect(found.first?.agents == ["c"])
    #expect(found.first?.sentence.contains("limits c.") == true)
  }

  @Test("B44: one model for everything is told once there are enough calls to judge by")
  func oneModel() {
    let calls = UsageRow(name: "a", model: "m", requests: AntiPattern.telltaleRequests)
    #expect(kinds([input("a", 1), calls]) == [.oneModel])
    #expect(kinds([input("a", 1), output("a"), calls]) == [])
    #expect(kinds([input("a", 1), UsageRow(name: "a", model: "m", requests: AntiPattern.telltaleRequests - 1)]) == [])
  }

  @Test("B45: input without any output is told")
  func outputIgnored() {
    #expect(kinds([input("a", AntiPattern.telltaleInput)]) == [.outputIgnored])
    #expect(kinds([input("a", AntiPattern.telltaleInput), output("a")]) == [])
    #expect(kinds([input("a", AntiPattern.telltaleInput - 1)]) == [])
  }

  @Test("B46: much input and nothing from a cache is told")
  func noCaching() {
    let much = input("a", AntiPattern.cacheableInput)
    #expect(kinds([much, output("a")]) == [.noCaching])
    let cached = UsageRow(name: "a", model: "m", tokenType: "cache_read", tokens: 1)
    #expect(kinds([much, output("a"), cached]) == [])
  }

  @Test("usage without an agent, and none at all, shows nothing")
  func nothing() {
    #expect(kinds([]) == [])
    #expect(kinds([input("", 1_000_000)]) == [])
  }
}
