import BudgetCore
import Snapshots
import Testing

@Suite("A restart, for estimates")
struct EstimateRestartTests {
  private static let tags = TagSet([Tag(key: "agent", value: "a"), Tag(key: "model", value: "m")])

  private static func spend(output: Int64) -> Spend {
    Spend(
      tokens: [TokenAmount(kind: .input, count: 10), TokenAmount(kind: .output, count: output)], requests: 1)
  }

  private static func asking(_ agent: String = "a") -> SpendRequest {
    var request = SpendRequest(
      tags: tags.setting("agent", to: agent), spend: Spend(tokens: [TokenAmount(kind: .input, count: 10)]))
    request.estimatesOutput = true
    return request
  }

  @Test("keeps what was learned, and what open reservations hold an estimate")
  func keeps() throws {
    let box = LedgerBox(settings: .varied, seed: 1)
    for output in 1...20 as ClosedRange<Int64> {
      _ = box.ledger.record(Self.spend(output: output), tags: Self.tags, now: .after(.zero))
    }
    guard
      case .granted(let id, _, _) = box.ledger.reserve(Self.asking(), ttl: nil, secret: 7, now: .after(.seconds(1)))
    else {
      Issue.record("denied")
      return
    }
    let restored = try box.restarted(from: .after(.seconds(2)), at: .after(.seconds(3)))
    let own = restored.ledger.estimate(Self.asking())
    let other = restored.ledger.estimate(Self.asking("b"))
    #expect(own.spend.outputTokens == 19 && own.outputSource == .learned)
    #expect(other.spend.outputTokens == 19 && other.outputSource == .learned)
    _ = restored.ledger.settle(id, actual: Self.spend(output: 4), now: .after(.seconds(4)))
    let again = try restored.restarted(from: .after(.seconds(5)), at: .after(.seconds(6)))
    let tally = again.view(now: .after(.seconds(6))).estimateTally
    #expect(tally.tokens(.learned, .over) == 15 && tally.calls(.learned, .over) == 1)
  }

  @Test("drops what a smaller bound has no room for")
  func smaller() throws {
    let box = LedgerBox(settings: .varied, seed: 1)
    for agent in ["a", "b", "c"] {
      _ = box.ledger.record(
        Self.spend(output: 5), tags: Self.tags.setting("agent", to: agent), now: .after(.zero))
    }
    #expect(box.ledger.estimateCount == 4)
    var settings = LedgerSettings.varied
    settings.estimates.maxPairs = 1
    let restored = try box.restarted(settings, from: .after(.zero), at: .after(.zero))
    #expect(restored.ledger.estimateCount == 2)
  }
}
