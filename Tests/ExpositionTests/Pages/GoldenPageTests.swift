import BudgetCore
import Exposition
import Testing

@Suite("Golden page")
struct GoldenPageTests {
  /// One agent with two budgets, one call reserved and one recorded.
  private func small(_ format: ExpositionFormat) -> String {
    var settings = LedgerSettings()
    settings.scopes = ["agent"]
    settings.prices = PriceTable([
      ModelPrice(provider: "", model: "m1", rates: TokenRates(input: 2_500_000, output: 10_000_000))
    ])
    settings.budgets = [
      .test("hourly", limit: 1000, per: ["agent"], window: .fixed(.hours(1))),
      .test("all", limit: 5 * Money.picodollarsPerDollar, unit: .cost, window: .rolling(.days(1)), mode: .shadow),
    ]
    let bytes = page(format, settings, others: [.gauge("process_open_fds", "Open file descriptors.", 12)]) { ledger in
      let call = Spend(
        tokens: [TokenAmount(kind: .input, count: 800), TokenAmount(kind: .output, count: 50)], requests: 1)
      _ = ledger.record(
        call, tags: tags(["agent": "a\"1", "model": "m1"]), duration: 1_500_000_000, now: after(0))
      _ = ledger.reserve(
        SpendRequest(
          tags: tags(["agent": "a\"1", "model": "m1"]), spend: Spend(tokens: [TokenAmount(kind: .output, count: 100)])),
        ttl: nil, secret: 1, now: after(1))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A page's families, each with its HELP; other families than the golden page's are left out, so that a new one
  /// (which has a test of its own) leaves this page as it is.
  private func part(_ page: String, of families: Set<Substring>) -> String {
    var kept = ""
    var isKept = true
    for line in page.split(separator: "\n") {
      if line.hasPrefix("# HELP") { isKept = families.contains(line) }
      if line == "# EOF" { isKept = true }
      if isKept { kept += line + "\n" }
    }
    return kept
  }

  @Test("a small ledger's page, byte for byte", arguments: [ExpositionFormat.text, .openMetrics])
  func golden(format: ExpositionFormat) {
    let golden = format == .text ? GoldenPages.text : GoldenPages.openMetrics
    let families = Set(golden.split(separator: "\n").filter { $0.hasPrefix("# HELP") })
    #expect(part(small(format), of: families) == golden)
    #expect(!small(format).contains("\n\n"))
  }
}
