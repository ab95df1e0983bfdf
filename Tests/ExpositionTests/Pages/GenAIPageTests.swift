import BudgetCore
import Testing

@testable import Exposition

@Suite("OpenTelemetry's names on the page")
struct GenAIPageTests {
  private static let kinds: [TokenKind] = [.input, .cacheRead, .cacheWrite, .output, .reasoning, .other("audio")]

  private static func page(
    _ format: ExpositionFormat, labels: [String], includes: Bool = true, agent: String = "a"
  ) throws -> StrictPage {
    var settings = LedgerSettings()
    settings.labels = labels
    var ledger = Ledger(settings: settings, seed: 0x5EED)
    let owner = tags(["agent": agent, "model": "m", "gen_ai_agent_name": "own"])
    for (index, kind) in kinds.enumerated() {
      let spend = Spend(tokens: [TokenAmount(kind: kind, count: Int64(index + 1))])
      _ = ledger.record(spend, tags: owner, now: after(0))
    }
    let bytes = Array("agent:\(agent),model:m".utf8)
    bytes.withUnsafeBytes { raw in
      var event = UsageEvent(
        kind: .duration, amount: 1_500_000_000, tags: raw.baseAddress!, tagsLength: raw.count,
        hash: ByteHash.hash(raw.baseAddress!, count: raw.count, seed: 0x5EED))
      event.weight = 1
      ledger.apply(event, now: after(0))
    }
    let view = ledger.view(now: after(1))
    return try StrictPage(
      MetricsPage(view: view, settings: settings, now: noon, others: [], includesGenAINames: includes).bytes(format),
      openMetrics: format == .openMetrics)
  }

  private func sum(_ page: StrictPage, _ name: String) -> Double {
    page.families.flatMap(\.samples).filter { $0.name == name }.map(\.value).reduce(0, +)
  }

  @Test("the conventions' counters hold the kinds that they count", arguments: [ExpositionFormat.text, .openMetrics])
  func counters(format: ExpositionFormat) throws {
    let page = try Self.page(format, labels: ["agent", "user", "model", "token_type"])
    let prefix = "gen_ai_client_inference_usage_"
    #expect(sum(page, prefix + "input_tokens_total") == 1 + 2 + 3)
    #expect(sum(page, prefix + "output_tokens_total") == 4 + 5)
    #expect(sum(page, prefix + "cache_read_input_tokens_total") == 2)
    #expect(sum(page, prefix + "cache_write_input_tokens_total") == 3)
    #expect(sum(page, prefix + "reasoning_output_tokens_total") == 5)
    let labels = [
      "gen_ai_agent_name": "a", "gen_ai_request_model": "m", "token_type": "cache_read",
      "gen_ai_token_modality": "unknown",
    ]
    #expect(page.value(prefix + "input_tokens_total", labels) == 2)
  }

  @Test("durations are the conventions' operation duration")
  func durations() throws {
    let page = try Self.page(.text, labels: ["agent", "model", "token_type"])
    #expect(sum(page, "gen_ai_client_operation_duration_seconds_sum") == 1.5)
    #expect(sum(page, "gen_ai_client_operation_duration_seconds_count") == 1)
    #expect(sum(page, "tallygate_call_duration_seconds_sum") == 1.5)
  }

  @Test("our own names stay, and nothing else is there unless asked for")
  func onRequest() throws {
    let page = try Self.page(.text, labels: ["agent", "token_type"], includes: false)
    #expect(!page.families.contains { $0.name.hasPrefix("gen_ai") })
    let both = try Self.page(.text, labels: ["agent", "token_type"])
    #expect(sum(both, "tallygate_tokens_total") == sum(page, "tallygate_tokens_total"))
  }

  @Test(
    "values stay escaped, and no sample has a label twice", arguments: ["\"", "\\", "a\nb", "\\\"", "a=\"b\",c=\""])
  func hostileLabels(agent: String) throws {
    let page = try Self.page(.text, labels: ["agent", "gen_ai_agent_name", "token_type"], agent: agent)
    let labels = [
      "agent": agent, "gen_ai_agent_name": "own", "token_type": "output", "gen_ai_token_modality": "unknown",
    ]
    #expect(page.value("gen_ai_client_inference_usage_output_tokens_total", labels) == 4)
  }

  @Test("without the label token_type nothing is known of kinds, and nothing is said")
  func withoutKinds() throws {
    for labels in [["agent"], []] as [[String]] {
      let page = try Self.page(.text, labels: labels)
      #expect(sum(page, "gen_ai_client_inference_usage_input_tokens_total") == 0)
      #expect(sum(page, "gen_ai_client_operation_duration_seconds_count") == 1)
    }
  }
}
