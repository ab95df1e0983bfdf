import BudgetCore
import Exposition
import Testing

@Suite("Activities on the page")
struct ActivityPageTests {
  private static func lines(_ format: ExpositionFormat) -> [String] {
    var settings = LedgerSettings()
    settings.prices.fallback = nil
    settings.activities.jobs = ["docs": 10]
    settings.activities.idleExpiry = .seconds(10)
    settings.activities.runaways = [RunawayRule(per: "task", limits: [.tokens: 100, .steps: 9])]
    let text = page(format, settings) { ledger in
      for (session, count) in [("s", 100), ("t", 1_000_001)] as [(String, Int64)] {
        var spend = Spend(tokens: [TokenAmount(kind: .input, count: count)], cost: 250_000_000_000)
        spend.items = 2
        _ = ledger.record(spend, tags: tags(["session": session, "job": "docs", "task": session]), now: after(0))
      }
      ledger.maintain(now: after(30))
      _ = ledger.record(Spend(requests: 1), tags: tags(["session": "open"]), now: after(30))
      for _ in 0..<25 { _ = ledger.record(Spend(cost: 1000, requests: 1), tags: tags(["agent": "a"]), now: after(30)) }
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("C10, C19, B22: shows progress, sessions and runaways", arguments: [ExpositionFormat.text, .openMetrics])
  func shown(format: ExpositionFormat) {
    let lines = Self.lines(format)
    let dot = format == .openMetrics ? ".0" : ""
    for line in [
      #"tallygate_job_items_total{job="docs"} 4"#, #"tallygate_job_items_expected{job="docs"} 10"#,
      #"tallygate_job_tokens_total{job="docs"} 1000101"#, #"tallygate_job_cost_usd_total{job="docs"} 0.5"#,
      "tallygate_sessions_open 1", #"tallygate_session_tokens_bucket{le="100\#(dot)"} 1"#,
      #"tallygate_session_tokens_bucket{le="1000000\#(dot)"} 1"#, #"tallygate_session_tokens_bucket{le="+Inf"} 2"#,
      "tallygate_session_tokens_sum 1000101", "tallygate_session_tokens_count 2",
      #"tallygate_runaways_total{tag="task",cause="tokens"} 2"#,
      #"tallygate_runaways_total{tag="task",cause="steps"} 0"#,
      #"tallygate_call_cost_anomalies_total{agent="a"} 0"#, "tallygate_activities 6",
      "tallygate_activities_overflow_total 0",
    ] {
      let isShown = lines.contains(line)
      #expect(isShown, "\(line)")
    }
  }

  @Test("names that are shown alike become one sample with their sum")
  func alike() {
    let text = page(.text) { ledger in
      for job in ["a\u{1}", "a\u{2}", "b"] {
        var spend = Spend(tokens: [TokenAmount(kind: .input, count: 5)])
        spend.items = 2
        _ = ledger.record(spend, tags: tags(["job": job]), now: after(0))
      }
    }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").filter {
      $0.hasPrefix("tallygate_job_items")
    }
    #expect(lines == ["tallygate_job_items_total{job=\"a\u{FFFD}\"} 4", "tallygate_job_items_total{job=\"b\"} 2"])
  }

  @Test("shows nothing of what nobody uses")
  func absent() {
    let text = page(.text) { ledger in _ = ledger.record(Spend(cost: 1), tags: tags(["agent": "a"]), now: after(0)) }
    for name in ["job", "session", "runaway", "anomal", "activities"] {
      #expect(!String(decoding: text, as: UTF8.self).contains("tallygate_\(name)"))
    }
  }
}
