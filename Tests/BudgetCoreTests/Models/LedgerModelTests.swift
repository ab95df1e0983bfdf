import Foundation
import NaiveLedger
import Testing

@Suite("Ledger against a naive one")
struct LedgerModelTests {
  /// Set `TALLYGATE_TEST_SEED` to the printed seed of a history to run that one again.
  private static let given = ProcessInfo.processInfo.environment["TALLYGATE_TEST_SEED"].flatMap { UInt64($0) }

  /// The long form is `simulate histories`.
  @Test("any history leaves the same use, holds, limits and decisions on every account", arguments: 0..<20)
  func histories(part: UInt64) {
    var tally = History.Tally()
    for number in 0..<UInt64(Self.given == nil ? 40 : 1) {
      let seed = Self.given ?? part * 40 + number
      var history = History(seed: seed)
      let complaints = history.run(steps: 60, tracing: Self.given != nil)
      tally += history.tally
      guard complaints.isEmpty else {
        Issue.record("TALLYGATE_TEST_SEED=\(seed): \(complaints.joined(separator: "; "))")
        return
      }
    }
    // A model that is never denied anything shows little.
    guard Self.given == nil else { return }
    #expect(
      tally.denied > 20 && tally.reduced > 2 && tally.late > 2 && tally.acts > 20 && tally.waits > 10,
      "\(tally.description)")
  }
}
