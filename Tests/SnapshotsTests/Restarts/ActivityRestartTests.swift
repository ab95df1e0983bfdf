import BudgetCore
import Snapshots
import Testing

@Suite("A restart, for activities")
struct ActivityRestartTests {
  private static func settings(_ rules: [RunawayRule] = [rule(1000)]) -> LedgerSettings {
    var settings = LedgerSettings()
    settings.activities.runaways = rules
    return settings
  }

  private static func rule(_ tokens: Int64, steps: Int64 = 3) -> RunawayRule {
    RunawayRule(per: "task", limits: [.tokens: tokens, .steps: steps, .repeats: 3])
  }

  private static func runaways(_ box: LedgerBox) -> [String] {
    box.ledger.takeEvents().compactMap { event in
      guard case .activity(.runaway(let runaway)) = event else { return nil }
      return "\(runaway.count) \(runaway.cause.name)"
    }
  }

  @Test("C19: keeps a job's progress and its declared items")
  func job() throws {
    let box = LedgerBox(settings: Self.settings(), seed: 1)
    _ = box.ledger.declareJob("docs", items: 10, now: .after(.zero))
    box.apply(line: "items:3|c|#job:docs", now: .after(.seconds(1)))
    box.apply(line: "items:0.25|c|#job:docs", now: .after(.seconds(5)))
    box.apply(line: "tokens:40|c|#job:docs", now: .after(.seconds(7)))
    let restored = try box.restarted(from: .after(.seconds(8)), at: .after(.seconds(60)))
    for _ in 0..<3 { restored.apply(line: "items:0.25|c|#job:docs", now: .after(.seconds(61))) }
    let found = restored.ledger.job("docs", now: .after(.seconds(62)))
    let job = try #require(found)
    #expect(job.done == 4 && job.total == 10 && job.tokens == 40 && job.elapsed == .seconds(60))
    #expect(job.began == noon + .seconds(1))
  }

  @Test("B22: what was told is not told again, what was counted still counts, and a lower limit acts at once")
  func runaways() throws {
    let box = LedgerBox(settings: Self.settings(), seed: 1)
    box.apply(line: "tokens:1200|c|#task:t,step:a", now: .after(.zero))
    box.apply(line: "tokens:1|c|#task:t,step:b", now: .after(.zero))
    box.apply(line: "requests:2|c|#task:t,fingerprint:f", now: .after(.zero))
    #expect(Self.runaways(box) == ["1200 tokens"])
    let restored = try box.restarted(from: .after(.seconds(1)), at: .after(.seconds(2)))
    restored.apply(line: "tokens:1|c|#task:t,step:b", now: .after(.seconds(3)))
    #expect(Self.runaways(restored) == [])
    restored.apply(line: "requests:1|c|#task:t,fingerprint:f", now: .after(.seconds(3)))
    restored.apply(line: "tokens:1|c|#task:t,step:a", now: .after(.seconds(3)))
    #expect(Self.runaways(restored) == ["3 repeats", "3 steps"])
    #expect(restored.view(now: .after(.seconds(3))).activities.runaways.map(\.count) == [1, 1, 1])
    let stricter = try box.restarted(
      Self.settings([Self.rule(1000, steps: 2)]), from: .after(.seconds(1)), at: .after(.seconds(2)))
    #expect(Self.runaways(stricter) == ["2 steps"])
  }

  @Test("C10: keeps open sessions, and the histogram of those that ended")
  func sessions() throws {
    let box = LedgerBox(settings: Self.settings(), seed: 1)
    box.apply(line: "tokens:300|c|#session:s", now: .after(.zero))
    box.maintain(now: .after(.hours(2)))
    box.apply(line: "tokens:900|c|#session:u", now: .after(.hours(2)))
    let restored = try box.restarted(from: .after(.hours(2)), at: .after(.hours(4)))
    restored.maintain(now: .after(.hours(4)))
    let sessions = restored.view(now: .after(.hours(4))).activities.sessions
    #expect(sessions.sum == 1200 && sessions.counts.prefix(4) == [0, 0, 1, 1])
  }

  @Test("keeps what calls cost, and how many cost too much")
  func costs() throws {
    let box = LedgerBox(settings: Self.settings(), seed: 1)
    let tags = TagSet([Tag(key: "agent", value: "a")])
    for call in 0..<30 as Range<Int64> {
      _ = box.ledger.record(Spend(cost: call == 25 ? 9_000_000 : 1000, requests: 1), tags: tags, now: .after(.zero))
    }
    let restored = try box.restarted(from: .after(.seconds(1)), at: .after(.seconds(2)))
    let scores = [box, restored].map { box in
      box.ledger.scoring { $0.record(Spend(cost: 50_000, requests: 1), tags: tags, now: .after(.seconds(3))) }.highest
    }
    #expect(scores[0] != nil && scores[0] == scores[1])
    #expect(restored.view(now: .after(.seconds(3))).activities.anomalies.first?.count == 2)
  }

  @Test("drops what is no longer watched or has no room, and says so")
  func changed() throws {
    let box = LedgerBox(settings: Self.settings([RunawayRule(per: "flow", limits: [.tokens: 5])]), seed: 1)
    for name in ["a", "b", "c"] { box.apply(line: "tokens:1|c|#flow:\(name),session:\(name)", now: .after(.zero)) }
    var small = Self.settings()
    small.activities.most = 2
    let restored = try box.restarted(small, from: .after(.seconds(1)), at: .after(.seconds(2)))
    #expect(restored.warnings == [.activitiesGone(tag: "flow"): 3, .activitiesDropped(tag: "session"): 1])
    #expect(restored.report?.sentences.contains("activities by flow are no longer kept: 3 were dropped") == true)
  }
}
