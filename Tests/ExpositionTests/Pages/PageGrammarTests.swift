import BudgetCore
import Exposition
import Testing

@Suite("Pages parse")
struct PageGrammarTests {
  private static let hostile = [
    "\\", "\"", "\n", "\r\n", "\\n", "\\\"", "\"} 1\n# EOF\n", "a,b=\"c\"", "{}", "#", " ", "\u{0}", "\u{7F}",
    "é\u{301}", "\u{202E}", "\u{2028}", "日本", "🧮", "\u{FEFF}", "\u{85}", "x\\", String(repeating: "\"", count: 255),
  ]

  private func parse(
    _ settings: LedgerSettings = LedgerSettings(), _ acts: (inout Ledger) -> Void
  ) throws -> [StrictPage] {
    try [ExpositionFormat.text, .openMetrics].map {
      try StrictPage(page($0, settings, acts), openMetrics: $0 == .openMetrics)
    }
  }

  @Test("an empty ledger's page parses")
  func empty() throws {
    let pages = try parse { _ in }
    for page in pages { #expect(page.value("tallygate_series", [:]) == 0) }
  }

  @Test("a hostile tag's value comes back from the page, control characters replaced", arguments: hostile)
  func hostileValues(value: String) throws {
    var settings = LedgerSettings()
    settings.budgets = [.test("per", limit: 10, per: ["agent"])]
    let spend = Spend(tokens: [TokenAmount(kind: .input, count: 3)], requests: 1)
    let pages = try parse(settings) {
      _ = $0.record(spend, tags: tags(["agent": value, "user": value]), duration: 1, now: after(0))
    }
    let shown = String(
      String.UnicodeScalarView(
        value.unicodeScalars.map { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
    for page in pages {
      let labels = ["agent": shown, "user": shown, "token_type": "input"]
      #expect(page.families.flatMap(\.samples).contains { $0.name == "tallygate_tokens_total" && $0.value == 3 })
      #expect(
        page.families.flatMap(\.samples).contains { sample in
          sample.name == "tallygate_tokens_total" && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        })
      #expect(
        page.families.flatMap(\.samples).contains {
          $0.name == "tallygate_budget_used" && $0.labels["agent"] == shown && $0.value == 3
        })
      #expect(
        page.value("tallygate_window_tokens", ["scope": "agent", "name": shown, "lookback": "1h"]) == 3)
    }
  }

  @Test("values that differ only in control characters make one series, not a sample twice")
  func collidingValues() throws {
    var settings = LedgerSettings()
    settings.budgets = [.test("per", limit: 10, per: ["agent"])]
    let pages = try parse(settings) { ledger in
      for value in ["a\u{1}", "a\u{2}", "a\u{FFFD}"] {
        _ = ledger.record(
          Spend(tokens: [TokenAmount(kind: .input, count: 1)], requests: 1), tags: tags(["agent": value]),
          duration: 5, now: after(0))
      }
    }
    for page in pages {
      #expect(page.value("tallygate_window_tokens", ["scope": "agent", "name": "a\u{FFFD}", "lookback": "1h"]) == 3)
    }
  }

  @Test("amounts at the ends of their ranges parse")
  func extremes() throws {
    var settings = LedgerSettings()
    settings.budgets = [
      .test("a", limit: .max, per: ["agent"]), .test("b", limit: 0), .test("c", limit: nil, unit: .cost),
      .test("d", limit: 1, unit: .requests, window: .rolling(.days(366))),
    ]
    let most = Spend(
      tokens: [TokenAmount(kind: .output, count: .max), TokenAmount(kind: .input, count: .max)], cost: .max,
      requests: .max)
    let pages = try parse(settings) { ledger in
      for _ in 0..<3 { _ = ledger.record(most, tags: tags(["agent": "a"]), duration: .max, now: after(0)) }
    }
    for page in pages { #expect(page.families.contains { $0.name == "tallygate_budget_remaining" }) }
  }

  @Test("a page many times the size of the writer's buffer parses and has every series")
  func large() throws {
    let one = Spend(tokens: [TokenAmount(kind: .input, count: 1)])
    let pages = try parse { ledger in
      for index in 0..<5000 { _ = ledger.record(one, tags: tags(["agent": "agent-\(index)"]), now: after(0)) }
    }
    for page in pages {
      let samples = page.families.flatMap(\.samples).filter { $0.name == "tallygate_tokens_total" }
      #expect(samples.count == 5000)
      #expect(samples.allSatisfy { $0.value == 1 })
    }
  }

  @Test("the pages of random ledgers parse, and their tokens are those that were counted", arguments: 0..<40)
  func random(seed: UInt64) throws {
    var settings = LedgerSettings()
    var random = SeededRandom(state: seed)
    let windows: [WindowRule] = [
      .rolling(.hours(1)), .fixed(.minutes(5)), .calendar(CalendarRule(period: .month)),
      .lifetime(idleExpiry: .minutes(1)), .lifetime(idleExpiry: nil),
    ]
    for index in 0..<Int.random(in: 0...4, using: &random) {
      settings.budgets.append(
        .test(
          "b\(index)", limit: [nil, 0, 100, 1_000_000][Int.random(in: 0...3, using: &random)],
          unit: [.tokens, .cost, .requests].randomElement(using: &random)!,
          per: [[], ["agent"], ["agent", "user"], ["team.name"]].randomElement(using: &random)!,
          window: windows.randomElement(using: &random)!,
          mode: Budget.Mode.allCases.randomElement(using: &random)!))
    }
    settings.bounds.maxSeries = Int.random(in: 1...20, using: &random)
    settings.bounds.maxAccounts = Int.random(in: 1...10, using: &random)
    settings.bounds.maxScopeValues = Int.random(in: 1...8, using: &random)
    let start = random
    var counted = 0.0
    let pages = try parse(settings) { ledger in
      random = start
      counted = 0
      for step in 0..<60 { counted += Self.act(&ledger, at: Int64(step), &random) }
    }
    for page in pages {
      let samples = page.families.flatMap(\.samples).filter { $0.name == "tallygate_tokens_total" }
      #expect(samples.reduce(0) { $0 + $1.value } == counted, "seed \(seed)")
    }
  }

  /// One random act; returns the tokens that it counts.
  private static func act(_ ledger: inout Ledger, at second: Int64, _ random: inout SeededRandom) -> Double {
    let values = hostile + ["a", "b", "c", "__other__", ""]
    let who = tags([
      "agent": values.randomElement(using: &random)!, "user": values.randomElement(using: &random)!,
      "team.name": values.randomElement(using: &random)!,
    ])
    let kinds: [TokenKind] = [.input, .output, .cacheRead, TokenKind(name: values.randomElement(using: &random)!)]
    let count = Int64.random(in: 0...50, using: &random)
    let spend = Spend(
      tokens: [TokenAmount(kind: kinds.randomElement(using: &random)!, count: count)],
      cost: Quantity.random(in: 0...5_000_000, using: &random), requests: Int64.random(in: 0...1, using: &random))
    if Bool.random(using: &random) {
      _ = ledger.reserve(
        SpendRequest(tags: who, spend: spend), ttl: .seconds(Int64.random(in: 1...100, using: &random)),
        secret: random.next(), now: after(second))
      return 0
    }
    _ = ledger.record(
      spend, tags: who, duration: Bool.random(using: &random) ? Int64.random(in: 0...(1 << 40), using: &random) : nil,
      now: after(second))
    return Double(count)
  }
}
