import BudgetCore
import Snapshots
import Testing

@Suite("A changed configuration")
struct ConfigurationChangeTests {
  private let now = Moment.after(.minutes(1))

  private func change(_ before: LedgerSettings, _ after: LedgerSettings, _ fill: (LedgerBox) -> Void)
    throws(SnapshotError) -> LedgerBox
  {
    let ledger = LedgerBox(settings: before, seed: 1)
    fill(ledger)
    _ = ledger.told()
    return try ledger.restarted(after, from: now, at: now)
  }

  @Test("drops the accounts of a budget that is gone, and says how many")
  func goneBudget() throws {
    var after = LedgerSettings.single(.fixed(.hours(1)))
    after.budgets[0].name = "new"
    let restored = try change(.single(.fixed(.hours(1))), after) {
      $0.use(5, agent: "a", now: now)
      $0.use(6, agent: "b", now: now)
    }
    #expect(restored.warnings == [.budgetGone(name: "b", unit: .tokens): 2])
    #expect(restored.report?.sentences.first?.contains("budget b (tokens) is no longer configured: 2") == true)
    #expect(restored.accountCount == 0)
    #expect(restored.seriesCount == 2)
  }

  @Test(
    "of the limit acts at once, and tells no crossing twice",
    arguments: [
      (1_000, 900, 1_000, []),
      // Already warned: only what is new is told.
      (1_000, 900, 900, ["b exhausted 900"]), (1_000, 900, 800, ["b exhausted 900", "b exceeded 900"]),
      (1_000, 500, 600, ["b warn 500"]), (1_000, 500, 500, ["b warn 500", "b exhausted 500"]),
      (1_000, 1_500, 1_400, []), (1_000, 1_500, 2_000, ["b resume 1500"]), (1_000, 1_500, nil, ["b resume 1500"]),
      (1_000, 900, 5_000, []), (nil, 900, 900, ["b warn 900", "b exhausted 900"]), (nil, 0, 0, []),
    ] as [(Quantity?, Int64, Quantity?, [String])])
  func limit(before: Quantity?, used: Int64, after: Quantity?, told: [String]) throws {
    let window = WindowRule.fixed(.hours(1))
    let restored = try change(.single(window, limit: before), .single(window, limit: after)) {
      if used > 0 { $0.use(used, now: now) }
    }
    #expect(restored.told() == told)
    #expect(restored.told().isEmpty)
    let room = after.map { max(0, $0 - Quantity(used)) } ?? 1_000
    if room > 0 { #expect(restored.hold(Int64(room), now: now) != nil) }
    #expect((restored.hold(1, now: now) == nil) == (after != nil))
    // And the state that it is in now is stored, not told again.
    let again = try restored.restarted(from: now, at: now)
    #expect(again.told().isEmpty)
  }

  @Test("of the grouping adds accounts up where it can")
  func fewerTags() throws {
    let window = WindowRule.rolling(.hours(1))
    let merged = try change(.single(window, per: ["agent", "user"]), .single(window, per: [])) {
      $0.use(5, agent: "a", now: now)
      $0.use(6, agent: "b", now: now)
    }
    #expect(merged.status("b", now: now)?.used == 11)
    #expect(merged.status("b", now: now)?.usedTotal == 11)
    #expect(merged.warnings == [.accountsMerged(budget: "b", unit: .tokens): 2])

    let swapped = try change(.single(window, per: ["agent", "user"]), .single(window, per: ["user", "agent"])) {
      $0.use(5, agent: "a", now: now)
    }
    #expect(swapped.status("b", ["agent": "a", "user": "u"], now: now)?.used == 5)
    #expect(swapped.warnings.isEmpty)
  }

  @Test("to a grouping by a tag that was not kept drops what nobody can assign")
  func moreTags() throws {
    let window = WindowRule.fixed(.hours(1))
    let restored = try change(.single(window, per: ["agent"]), .single(window, per: ["session"])) {
      $0.use(5, now: now)
    }
    #expect(restored.warnings == [.useUnattributable(budget: "b", unit: .tokens): 1])
    #expect(restored.accountCount == 0)
  }

  private func series(_ ledger: LedgerBox) -> [String: Int64] {
    var totals: [String: Int64] = [:]
    for row in ledger.view(now: now).series where !row.seen.isEmpty {
      totals[String(decoding: row.labelText, as: UTF8.self)] = row.tokens
    }
    return totals
  }

  @Test("of the exported labels keeps every sum")
  func labels() throws {
    var after = LedgerSettings.single(.fixed(.hours(1)))
    after.labels = ["token_type", "user"]
    let restored = try change(.single(.fixed(.hours(1))), after) {
      $0.use(5, agent: #"quo"te\"#, now: now)
      $0.use(6, agent: "new\nline", now: now)
      $0.apply(line: "duration:20|ms|#agent:a,user:u", now: now)
      $0.apply(line: "duration:30|ms|#agent:b,user:u", now: now)
    }
    #expect(series(restored) == [#"token_type="output",user="u""#: 11])
    let view = restored.view(now: now)
    #expect(view.histograms.count == 1)
    #expect(view.histograms[0].counts[1] == 1)
    #expect(view.histograms[0].counts[2] == 1)
    #expect(restored.warnings == [.labelsChanged: 4])
    // Later usage finds the same series.
    restored.use(1, agent: "c", now: now)
    #expect(series(restored) == [#"token_type="output",user="u""#: 12])
  }

  @Test("to fewer series folds the rest without losing any")
  func fewerSeries() throws {
    var after = LedgerSettings()
    after.bounds.maxSeries = 2
    let restored = try change(LedgerSettings(), after) {
      for agent in ["a", "b", "c", "d"] { $0.use(5, agent: agent, now: now) }
    }
    let totals = series(restored)
    #expect(totals.count == 3)
    #expect(totals.values.reduce(0, +) == 20)
    #expect(totals[#"agent="__other__",user="__other__",model="__other__",token_type="output""#] == 10)
    #expect(restored.warnings == [.seriesFolded: 2])
  }

  @Test("of the scopes keeps those that stay")
  func scopes() throws {
    var after = LedgerSettings()
    after.scopes = ["session", "user"]
    let restored = try change(LedgerSettings(), after) { $0.use(5, now: now) }
    #expect(restored.usage(by: "user", in: .hour, now: now) == [5])
    #expect(restored.usage(by: "agent", in: .hour, now: now) == nil)
    #expect(restored.warnings == [.scopeGone(name: "agent"): 1])
  }
}
