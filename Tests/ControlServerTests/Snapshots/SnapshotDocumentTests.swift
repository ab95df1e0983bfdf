import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("A snapshot as JSON")
struct SnapshotDocumentTests {
  @Test("shows every total, and no id")
  func document() throws {
    var settings = LedgerSettings()
    settings.budgets = [Budget(name: "b", per: ["agent"], unit: .cost, limit: nil, window: .fixed(.hours(1)))]
    var ledger = Ledger(settings: settings, seed: 1)
    let now = Moment(Instant(seconds: 1_760_529_600))
    let tags = TagSet([Tag(key: "agent", value: "quo\"te"), Tag(key: "model", value: "none")])
    _ = ledger.record(
      Spend(tokens: [TokenAmount(kind: .input, count: 7)], cost: 12_500_000_000), tags: tags, id: nil, now: now)
    let secret: UInt64 = 0xFEED_5EED_0123_4567
    guard
      case .granted(let id, _, _) = ledger.reserve(
        SpendRequest(tags: tags, spend: Spend(cost: 500_000_000_000)), ttl: nil, secret: secret, now: now)
    else {
      Issue.record("nothing was held")
      return
    }

    let bytes = SnapshotDocument.json(ledger.capture(now: now))
    let value = try JSONValue.parse(bytes)
    let document = try #require(value.asObject)
    let series = (document["series"]?.asArray ?? []).compactMap(\.asObject)
    #expect(series.count == 2)
    #expect(series.compactMap { $0["tokens"]?.asInt64 } == [7])
    #expect(series.contains { $0["cost_usd"]?.asString == "0.0125" })
    #expect(series.allSatisfy { $0["labels"]?.asObject?["agent"]?.asString == "quo\"te" })
    let account = try #require(document["accounts"]?.asArray?.first?.asObject)
    // The tokens of an unknown model are charged at the fallback price: 5 USD a million.
    #expect(account["used"]?.asString == "0.012535")
    #expect(account["reserved"]?.asString == "0.5")
    #expect(account["resets_at"]?.asInt64 == 1_760_533_200)
    #expect(document["counters"]?.asObject?["reservations_granted"]?.asInt64 == 1)
    #expect(document["usage"]?.asArray?.count == 2)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.contains(id.text))
    #expect(!text.contains(String(secret)))
  }
}
