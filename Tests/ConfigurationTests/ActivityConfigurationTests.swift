import BudgetCore
import Testing

@testable import Configuration

@Suite("Jobs, runaways and anomalies in a configuration")
struct ActivityConfigurationTests {
  @Test("what nobody says is 8192 activities for an hour, jobs for a week, and a threshold of 4")
  func defaults() throws {
    let ledger = try parse("").ledger
    #expect(ledger.activities == ActivitySettings() && ledger.anomaly == AnomalySettings())
    #expect(ledger.activities.most == 8192 && ledger.activities.idleExpiry == .hours(1))
    #expect(ledger.activities.jobExpiry == .days(7) && ledger.anomaly.threshold == 4)
    #expect(ledger.activities.tags == ["job", "session", "task"])
  }

  @Test("B22, C19: every key is taken over")
  func everything() throws {
    let text = """
      budgets:
        - { name: task, per: [task], limit: { tokens: 50_000, requests: 10 }, window: { lifetime: {} } }
      activities: { max: 100, idle_expiry: 10m, job_expiry: 30d }
      jobs:
        - { name: nightly-index, items: 100K }
        - { name: b, items: 1 }
      runaway:
        - { per: task, limit_multiple: 2.5, steps: 50, requests: 500, repeats: 10, action: stop }
        - { per: flow, tokens: 1M }
      anomaly: { threshold: 3.5, max_agents: 10 }
      """
    let ledger = try parse(text).ledger
    #expect(ledger.activities.most == 100 && ledger.activities.idleExpiry == .minutes(10))
    #expect(ledger.activities.jobExpiry == .days(30))
    #expect(ledger.activities.jobs == ["nightly-index": 100_000, "b": 1])
    #expect(
      ledger.activities.runaways == [
        RunawayRule(
          per: "task", limits: [.tokens: 125_000, .steps: 50, .requests: 500, .repeats: 10], action: .stop),
        RunawayRule(per: "flow", limits: [.tokens: 1_000_000]),
      ])
    #expect(ledger.activities.tags == ["job", "session", "task", "flow"])
    #expect(ledger.anomaly.threshold == 3.5 && ledger.anomaly.maxAgents == 10)
  }

  @Test(
    "a mistake names its key and what would be right",
    arguments: [
      ("jobs: [{items: 5}]", "jobs[0]", "has no name", "nightly-index"),
      ("jobs: [{name: a}]", "jobs[0]", "needs items", "items: 100_000"),
      ("jobs: [{name: a, items: 0}]", "jobs[0].items", "a whole number from 1", "100_000"),
      ("jobs: [{name: a, items: 1}, {name: a, items: 2}]", "jobs[1].name", "taken by the job", "another name"),
      ("runaway: [{tokens: 5}]", "runaway[0]", "has no per", "per: task"),
      ("runaway: [{per: task}]", "runaway[0]", "needs a limit", "limit_multiple"),
      ("runaway: [{per: fingerprint, tokens: 5}]", "runaway[0].per", "differs on every", "session"),
      ("runaway: [{per: token_type, tokens: 5}]", "runaway[0].per", "nobody who spends", "task"),
      ("runaway: [{per: task, token: 5}]", "runaway[0].token", "unknown key", "tokens"),
      ("runaway: [{per: task, repeats: -1}]", "runaway[0].repeats", "a whole number from 1", "50"),
      ("runaway: [{per: task, limit_multiple: 3}]", "runaway[0].limit_multiple", "no budget limits", "per: [task]"),
      (
        "runaway: [{per: task, tokens: 5, limit_multiple: 3}]", "runaway[0].limit_multiple", "tokens is given too",
        "Keep one"
      ),
      ("runaway: [{per: task, tokens: 5, action: kill}]", "runaway[0].action", "one of event, stop", "event"),
      ("anomaly: {threshold: 0}", "anomaly.threshold", "from 0.1 to 100", "4"),
      ("activities: {max: 1}", "activities.max", "from 8", "8192"),
      ("activities: {idle_expiry: 5}", "activities.idle_expiry", "a duration from 1m", "5m"),
      ("labels: [fingerprint]", "labels[0]", "differs on every", "session"),
    ])
  func mistakes(text: String, key: String, problem: String, remedy: String) throws {
    let found = errors(in: text)
    let needsLimit = key == "runaway[0].token" || key == "runaway[0].repeats"
    #expect(found.count == 1 || needsLimit, "\(found)")
    let error = try #require(found.first { $0.key == key })
    #expect(error.problem.contains(problem), "\(error.problem)")
    #expect(error.remedy.contains(remedy), "\(error.remedy)")
  }
}
